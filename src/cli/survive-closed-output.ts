/** For `| head` and the like: a reader that has seen enough is no failure of ours. */
export function surviveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') return;
      // The disk behind a redirection is full, for example: there may be nowhere left to say so.
      if (stream === process.stdout) console.error(`darkroom: cannot write the output: ${error.message}`);
      process.exit(1);
    });
  }
}
