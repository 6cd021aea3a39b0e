import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { runProgram, startedServer, urlOf, workFolder } from './started.js';

const SCHEMA = `
import { bigint, boolean, check, foreignKey, index, integer, jsonb, numeric, pgEnum, pgSchema, pgTable, pgView, primaryKey, serial, text, timestamp, uniqueIndex, unique, uuid, varchar } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
export const mood = pgEnum('mood', ['sad', 'ok']);
export const users = pgTable('users', {
  id: serial('id').primaryKey(), uid: uuid('uid').defaultRandom().notNull(), name: varchar('name', { length: 100 }).notNull(), mood: mood('mood').default('ok'),
  tags: text('tags').array(), meta: jsonb('meta').default({}), balance: numeric('balance', { precision: 10, scale: 2 }), active: boolean('active').default(true),
  created: timestamp('created', { withTimezone: true }).defaultNow(), full: text('full').generatedAlwaysAs(sql\`name || '!'\`), /* more columns */
}, (t) => [uniqueIndex('users_uid').on(t.uid), index('users_name').on(sql\`lower(\${t.name})\`), index('users_active').on(t.balance.desc()).where(sql\`active\`), check('balance_positive', sql\`\${t.balance} >= 0\`)]);
export const posts = pgTable('posts', {
  id: integer('id').generatedAlwaysAsIdentity().primaryKey(), title: text('title').notNull(), userId: integer('user_id').references(() => users.id, { onDelete: 'cascade' }),
}, (t) => [unique('posts_title').on(t.title, t.userId)]);
export const pairs = pgTable('pairs', { a: integer('a').notNull(), b: bigint('b', { mode: 'number' }).notNull() }, (t) => [primaryKey({ columns: [t.a, t.b] })]);
export const inner = pgSchema('inside');
export const things = inner.table('things', { id: integer('id').primaryKey().generatedByDefaultAsIdentity({ startWith: 100 }), mood: mood('mood') });
`;

describe('drizzle-kit', () => {
  const server = startedServer('drizzle-kit');
  const folder = workFolder('drizzle-kit');
  const kit = (command: string, ...args: readonly string[]): Promise<string> => {
    const url = JSON.stringify(urlOf(server));
    const schema = existsSync(`${folder}/out/schema.ts`) && command === 'push' ? './out/schema.ts' : './schema.ts';
    writeFileSync(
      `${folder}/drizzle.config.ts`,
      `export default { dialect: 'postgresql', schema: '${schema}', out: './out', dbCredentials: { url: ${url} }, schemaFilter: ['public', 'inside'] };`,
    );
    return runProgram(folder, {}, 'drizzle-kit', command, ...args);
  };

  it('generates and migrates, twice', async () => {
    writeFileSync(`${folder}/schema.ts`, SCHEMA);
    await kit('generate');
    expect(await kit('migrate')).toContain('migrations applied successfully');
    writeFileSync(
      `${folder}/schema.ts`,
      SCHEMA.replace('/* more columns */', "email: text('email').unique(), age: integer('age').notNull().default(1),"),
    );
    await kit('generate');
    expect(await kit('migrate')).toContain('migrations applied successfully');
    const client = new pg.Client(server.connection);
    await client.connect();
    expect((await client.query('SELECT count(*)::int AS n FROM drizzle.__drizzle_migrations')).rows).toEqual([{ n: 2 }]);
    await client.query("INSERT INTO users (name) VALUES ('a'); INSERT INTO posts (title, user_id) VALUES ('t', 1)");
    await client.end();
  });

  it('push finds nothing to do then', async () => {
    expect(await kit('push', '--force')).toContain('No changes detected');
  });

  it('pulls the schema, and a push of that finds nothing to do', async () => {
    expect(await kit('pull')).toContain('Your schema file is ready');
    expect(readdirSync(`${folder}/out`)).toContain('relations.ts');
    const pulled = readFileSync(`${folder}/out/schema.ts`, 'utf8');
    for (const part of [
      "pgEnum(\"mood\", ['sad', 'ok'])",
      'generatedAlwaysAsIdentity',
      '.onDelete("cascade")',
      'check("balance_positive"',
      'serial()',
      'startWith: 100',
    ])
      expect(pulled).toContain(part);
    expect(await kit('push', '--force')).toContain('No changes detected');
  });

  it('pushes changes', async () => {
    const pulled = readFileSync(`${folder}/out/schema.ts`, 'utf8');
    writeFileSync(
      `${folder}/out/schema.ts`,
      pulled
        .replace('email: text()', 'email: varchar({ length: 200 })')
        .replace("'sad', 'ok'", "'sad', 'ok', 'glad'")
        .replace('title: text().notNull()', "title: text().default('none').notNull(), done: boolean().default(false).notNull()"),
    );
    expect(await kit('push', '--force')).toContain('Changes applied');
    expect(await kit('push', '--force')).toContain('No changes detected');
  });
});
