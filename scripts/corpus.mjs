// npm run corpus: builds, then sends every recorded statement of real clients here and to PostgreSQL 15 (test/corpus/run.ts). Arguments go to it.
import { spawnSync } from 'node:child_process';
import { build } from './build.mjs';
import { install } from './install.mjs';

process.chdir(new URL('..', import.meta.url).pathname);
install();
build();
const { status } = spawnSync('npx', ['tsx', 'test/corpus/run.ts', ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(status ?? 1);
