// npm run fuzz:sql: builds, then compares random SQL with PostgreSQL (test/fuzz/run.ts). Arguments go to it.
import { spawnSync } from 'node:child_process';
import { build } from './build.mjs';
import { debianPrograms } from './debian-programs.mjs';
import { install } from './install.mjs';

process.chdir(new URL('..', import.meta.url).pathname);
install();
build();
debianPrograms();
const { status } = spawnSync('npx', ['tsx', 'test/fuzz/run.ts', ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(status ?? 1);
