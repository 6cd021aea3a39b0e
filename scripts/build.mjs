// Compiles src to dist when any source is newer than what was built.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const mark = 'dist/.built';

export function build() {
  if (existsSync(mark) && newest('src') < statSync(mark).mtimeMs && newest('scripts') < statSync(mark).mtimeMs) return;
  console.error('Building …');
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'inherit', 'inherit'] });
  writeFileSync(mark, '');
}

function newest(folder) {
  let newestMs = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    newestMs = Math.max(newestMs, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return newestMs;
}
