// Installs what a fresh clone lacks. Only what package-lock.json names; nothing happens when it is all there.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const lock = 'package-lock.json';
const mark = 'node_modules/.kalamdb-lock';

export function install() {
  if (existsSync(mark) && readFileSync(mark, 'utf8') === readFileSync(lock, 'utf8')) return;
  console.error('Installing packages …');
  // Not `npm ci`: it insists that the lock file names the optional packages of every platform, and fails where a registry lacks some of them.
  execFileSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: ['ignore', 'inherit', 'inherit'] });
  writeFileSync(mark, readFileSync(lock));
}
