// npm test: installs, builds, checks and runs every test. Arguments go to vitest (a file's name runs that file alone, without the checks).
import { spawnSync } from 'node:child_process';
import { build } from './build.mjs';
import { debianPrograms } from './debian-programs.mjs';
import { install } from './install.mjs';

process.chdir(new URL('..', import.meta.url).pathname);
const args = process.argv.slice(2);
install();
build();
debianPrograms();
if (args.length === 0) run('node', ['scripts/check.mjs']);
run('npx', ['vitest', 'run', ...args]);

function run(command, commandArgs) {
  const { status } = spawnSync(command, commandArgs, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}
