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
});
