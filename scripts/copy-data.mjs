// The build's second step: tsc writes only the code, the catalog's data goes beside it.
import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
cpSync(at('src/catalog/data'), at('dist/catalog/data'), { recursive: true });
