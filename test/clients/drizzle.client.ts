import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { count, desc, eq, relations, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { integer, jsonb, pgTable, serial, text, timestamp } from 'drizzle-orm/pg-core';
import { drizzle as overPostgresJs } from 'drizzle-orm/postgres-js';
import pg from 'pg';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startedServer, urlOf } from './started.js';

const users = pgTable('users', {
  id: serial('id').primaryKey(),
  name: text('name').notNull(),
  meta: jsonb('meta').default({}),
  created: timestamp('created', { withTimezone: true }).defaultNow(),
});
const posts = pgTable('posts', {
  id: serial('id').primaryKey(),
  title: text('title').notNull(),
  userId: integer('user_id').references(() => users.id),
});
const usersRelations = relations(users, ({ many }) => ({ posts: many(posts) }));
const postsRelations = relations(posts, ({ one }) => ({ author: one(users, { fields: [posts.userId], references: [users.id] }) }));
const schema = { users, posts, usersRelations, postsRelations };

describe('Drizzle', () => {
  const server = startedServer('drizzle');
  let pool: pg.Pool;
  beforeAll(async () => {
    pool = new pg.Pool({ ...server.connection, max: 5 });
    await pool.query(`CREATE TABLE users (id serial PRIMARY KEY, name text NOT NULL, meta jsonb DEFAULT '{}', created timestamptz DEFAULT now());
      CREATE TABLE posts (id serial PRIMARY KEY, title text NOT NULL, user_id int REFERENCES users)`);
  });
  afterAll(async () => {
    await pool.end();
  });

  it('writes, reads related rows, and rolls back', async () => {
    const db = drizzle(pool, { schema });
    const [ann] = await db
      .insert(users)
      .values({ name: 'Ann', meta: { x: 1 } })
      .returning();
    await db.insert(users).values([{ name: 'Bob' }, { name: 'Cy' }]);
    await db.insert(posts).values([
      { title: 't1', userId: ann?.id },
      { title: 't2', userId: ann?.id },
      { title: 't3', userId: 2 },
    ]);
    expect(await db.query.users.findMany({ with: { posts: true }, orderBy: [desc(users.id)], columns: { id: true } })).toEqual([
      { id: 3, posts: [] },
      { id: 2, posts: [{ id: 3, title: 't3', userId: 2 }] },
      {
        id: 1,
        posts: [
          { id: 1, title: 't1', userId: 1 },
          { id: 2, title: 't2', userId: 1 },
        ],
      },
    ]);
    expect(await db.query.posts.findFirst({ with: { author: { columns: { name: true } } }, where: eq(posts.title, 't2') })).toMatchObject({
      author: { name: 'Ann' },
    });
    const counted = db
      .select({ name: users.name, n: count(posts.id) })
      .from(users)
      .leftJoin(posts, eq(posts.userId, users.id));
    expect(await counted.groupBy(users.id).orderBy(users.id)).toEqual([
      { name: 'Ann', n: 2 },
      { name: 'Bob', n: 1 },
      { name: 'Cy', n: 0 },
    ]);
    await expect(
      db.transaction(async (tx) => {
        await tx.update(users).set({ name: 'Zed' }).where(eq(users.id, 1));
        await expect(
          tx.transaction(async (inner) => {
            await inner.delete(posts);
            inner.rollback();
          }),
        ).rejects.toThrow();
        expect(await tx.$count(posts)).toBe(3);
        throw new Error('back');
      }),
    ).rejects.toThrow('back');
    const byId = db
      .select()
      .from(users)
      .where(eq(users.id, sql.placeholder('id')))
      .prepare('by_id');
    expect((await byId.execute({ id: 1 }))[0]?.name).toBe('Ann');
    const upsert = db.insert(users).values({ id: 2, name: 'x' });
    expect(
      await upsert.onConflictDoUpdate({ target: users.id, set: { name: sql`excluded.name || '!'` } }).returning({ name: users.name }),
    ).toEqual([{ name: 'x!' }]);
  });

  it('works over postgres.js as well', async () => {
    const client = postgres(urlOf(server), { max: 2 });
    const db = overPostgresJs(client, { schema });
    expect(await db.query.users.findMany({ columns: { name: true }, orderBy: users.id, limit: 1 })).toEqual([{ name: 'Ann' }]);
    await client.end();
  });

  /** 20 end users through one pool: each sees own rows alone. */
  it('keeps end users apart in user tables', async () => {
    const db = drizzle(pool);
    await db.execute(sql`SET kalamdb.default_table_type = 'user'`);
    await pool.query(`CREATE TABLE todos (id serial PRIMARY KEY, title text NOT NULL) WITH (type = 'user')`);
    const todos = pgTable('todos', { id: serial('id').primaryKey(), title: text('title').notNull() });
    const as = <T>(user: string, work: (tx: Parameters<Parameters<typeof db.transaction>[0]>[0]) => Promise<T>): Promise<T> =>
      db.transaction(async (tx) => {
        await tx.execute(sql`SELECT set_config('kalamdb.user_id', ${user}, true)`);
        return work(tx);
      });
    const names = Array.from({ length: 20 }, (_, i) => `user${i}`);
    await Promise.all(names.map((user) => as(user, (tx) => tx.insert(todos).values([{ title: `${user} a` }, { title: `${user} b` }]))));
    const seen = await Promise.all(names.map((user) => as(user, (tx) => tx.select().from(todos).orderBy(todos.title))));
    for (const [i, rows] of seen.entries()) expect(rows.map(({ title }) => title)).toEqual([`user${i} a`, `user${i} b`]);
    await as('user3', (tx) => tx.delete(todos));
    expect(await as('user3', (tx) => tx.$count(todos))).toBe(0);
    expect(await as('user4', (tx) => tx.$count(todos))).toBe(2);
  });

  it('drizzle-kit pushes, pulls, generates and migrates', () => {
    const folder = fileURLToPath(new URL('./.drizzle-kit/', import.meta.url));
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/schema.ts`, KIT_SCHEMA);
    const config = (name: string, filter: string): string => {
      writeFileSync(
        `${folder}/${name}.config.ts`,
        `export default { dialect: 'postgresql', schema: '${folder}schema.ts', out: '${folder}${name}', dbCredentials: { url: '${urlOf(server)}' }, tablesFilter: ['${filter}'] };`,
      );
      return `${folder}/${name}.config.ts`;
    };
    const kit = (...args: readonly string[]): string =>
      execFileSync('npx', ['drizzle-kit', ...args], {
        cwd: fileURLToPath(new URL('.', import.meta.url)),
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    try {
      kit('generate', '--config', config('made', 'dk_*'));
      kit('migrate', '--config', config('made', 'dk_*'));
      expect(kit('pull', '--config', config('pulled', 'dk_*'))).toContain('Your schema file is ready');
      expect(readdirSync(`${folder}/pulled`)).toContain('schema.ts');
      expect(kit('push', '--config', config('pushed', 'dk_*'), '--force')).toMatch(/No changes detected|Changes applied/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

const KIT_SCHEMA = `
import { boolean, index, integer, jsonb, numeric, pgEnum, pgTable, serial, text, timestamp, uniqueIndex, uuid, varchar } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
export const mood = pgEnum('dk_mood', ['sad', 'ok']);
export const users = pgTable('dk_users', {
  id: serial('id').primaryKey(), uid: uuid('uid').defaultRandom().notNull(), name: varchar('name', { length: 100 }).notNull(), mood: mood('mood').default('ok'),
  tags: text('tags').array(), meta: jsonb('meta').default({}), balance: numeric('balance', { precision: 10, scale: 2 }), active: boolean('active').default(true),
  created: timestamp('created', { withTimezone: true }).defaultNow(),
}, (t) => [uniqueIndex('dk_users_uid').on(t.uid), index('dk_users_name').on(sql\`lower(\${t.name})\`)]);
export const posts = pgTable('dk_posts', {
  id: integer('id').generatedAlwaysAsIdentity().primaryKey(), title: text('title').notNull(), userId: integer('user_id').references(() => users.id, { onDelete: 'cascade' }),
});
`;
