// Installs what a fresh clone lacks. Only what package-lock.json names; nothing happens when it is all there.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const lock = 'package-lock.json';
const mark = 'node_modules/.kalamdb-lock';

export function install() {
  if (existsSync(mark) && readFileSync(mark, 'utf8') === readFileSync(lock, 'utf8')) return;
  console.error('Installing packages …');
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: ['ignore', 'inherit', 'inherit'] });
  writeFileSync(mark, readFileSync(lock));
}
