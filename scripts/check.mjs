// npm run check: format, lint, types, import directions, dead code. Runs all and fails if any does.
import { spawnSync } from 'node:child_process';
import { install } from './install.mjs';

process.chdir(new URL('..', import.meta.url).pathname);
install();

const CHECKS = [
  ['format, lint, import directions', 'npx', ['biome', 'ci', '--reporter=summary', '.']],
  ['types', 'npx', ['tsc', '-p', 'tsconfig.json']],
  ['dead code', 'npx', ['knip', '--no-progress']],
];

let failed = false;
for (const [name, command, args] of CHECKS) {
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name}`);
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
