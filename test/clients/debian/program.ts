import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from '../../harness/temporary-directory.js';

/** A program of test/clients/debian: what it prints on PostgreSQL stands beside it. */
export interface Program {
  /** The client's folder. */
  readonly client: string;
  readonly name: string;
  readonly path: string;
  readonly expectedPath: string;
}

const FOLDER = fileURLToPath(new URL('./', import.meta.url));
const TIMEOUT_MS = 110_000;

/** How a program is run, by its file's ending; `scratch` is a directory for what it makes. */
const COMMANDS: Readonly<Record<string, (path: string, scratch: string) => readonly [string, ...string[]]>> = {
  '.py': (path) => ['/usr/bin/python3', '-BP', path],
  '.java': (path) => ['/usr/bin/java', '-cp', '/usr/share/java/postgresql.jar', path],
  '.go': (path) => ['/usr/bin/go', 'run', path],
  '.c': (path, scratch) => [
    '/bin/sh',
    '-ec',
    'cc -Wall -I/usr/include/postgresql -o "$1/program" "$0" -lpq; exec "$1/program"',
    path,
    scratch,
  ],
  '.pl': (path) => ['/usr/bin/perl', path],
  '.rb': (path) => ['/usr/bin/ruby', path],
  '.php': (path) => ['/usr/bin/php', path],
};

export function allPrograms(): readonly Program[] {
  const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name: client }) =>
    readdirSync(`${FOLDER}${client}`)
      .filter((file) => extname(file) in COMMANDS)
      .map((file) => {
        const name = file.slice(0, -extname(file).length);
        return { client, name, path: `${FOLDER}${client}/${file}`, expectedPath: `${FOLDER}${client}/${name}.out` };
      }),
  );
}

/** Runs a program against the server that libpq's variables name; returns what it prints, throws with its errors where it fails. */
export function runProgram(program: Program, libpq: NodeJS.ProcessEnv): string {
  const scratch = temporaryDirectory(`client-${program.client}`);
  try {
    const [command, ...args] = COMMANDS[extname(program.path)]?.(program.path, scratch.path) ?? ['/bin/false'];
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      cwd: scratch.path,
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...libpq, TZ: 'UTC', LC_ALL: 'C.UTF-8', GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOFLAGS: '' },
    });
    if (status !== 0) throw new Error(`${program.client}/${program.name} failed: ${error?.message ?? ''}\n${stdout}\n${stderr}`);
    return stdout;
  } finally {
    scratch.remove();
  }
}
