/** Copies the files for clients beside the compiled package, which exports them: caches and code generators read them. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';

for (const name of ['schema.graphql', 'possible-types.json', 'cache-rules.json', 'codegen-scalars.json']) {
  copyFileSync(join(import.meta.dirname, '../schema', name), join(import.meta.dirname, 'dist', name));
}
