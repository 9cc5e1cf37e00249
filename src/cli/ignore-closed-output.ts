/** Ignores EPIPE, so that `generate … | head` does not fail when the reader closes the pipe. */
export function ignoreClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') return;
      // For example, the disk of a redirection is full. Standard error may be affected as well.
      if (stream === process.stdout) console.error(`darkroom: cannot write the output: ${error.message}`);
      process.exit(1);
    });
  }
}
