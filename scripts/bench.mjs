// npm run bench: builds, then runs a benchmark of bench/ (pgbench by default). Arguments go to it.
import { spawnSync } from 'node:child_process';
import { build } from './build.mjs';
import { debianPrograms } from './debian-programs.mjs';
import { install } from './install.mjs';

process.chdir(new URL('..', import.meta.url).pathname);
install();
build();
debianPrograms();
const args = process.argv.slice(2);
const name = args[0] !== undefined && !args[0].startsWith('-') ? args.shift() : 'pgbench';
const { status } = spawnSync('npx', ['tsx', `bench/${name}.ts`, ...args], { stdio: 'inherit' });
process.exit(status ?? 1);
