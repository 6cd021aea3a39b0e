/** Writes conversations.golden.json, as a real PostgreSQL 15 answers: npx tsx test/wire/make-conversations.ts [port] */
import { writeFileSync } from 'node:fs';
import { PostgresOracle } from '../harness/postgres-oracle.js';
import { CONVERSATIONS } from './conversations.js';
import { transcribe } from './transcript.js';

const given = process.argv[2];
const oracle = given === undefined ? await new PostgresOracle().start() : undefined;
const port = oracle?.port ?? Number(given);
const golden: Record<string, readonly string[]> = {};
for (const conversation of CONVERSATIONS) golden[conversation.name] = await transcribe(port, conversation);
writeFileSync(new URL('conversations.golden.json', import.meta.url), `${JSON.stringify(golden, null, 2)}\n`);
oracle?.close();
