import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ServerProcess } from '../harness/server-process.js';
import { allPrograms, runProgram } from './debian/program.js';

/** The packages that each client lacks on this machine. */
const missing = JSON.parse(execFileSync('node', ['scripts/debian-clients.mjs', '--missing'], { encoding: 'utf8' })) as Record<
  string,
  readonly string[]
>;

describe('clients of Debian print what they print on PostgreSQL', () => {
  for (const program of allPrograms()) {
    const lacks = missing[program.client] ?? [];
    const title = `${program.client}: ${program.name}`;
    if (lacks.length > 0) it.skip(`${title} (needs the Debian packages ${lacks.join(', ')})`, () => undefined);
    else
      it(title, async () => {
        const server = await new ServerProcess({ label: program.client }).start();
        try {
          expect(runProgram(program, server.libpq)).toBe(readFileSync(program.expectedPath, 'utf8'));
        } finally {
          await server.close();
        }
      });
  }
});
