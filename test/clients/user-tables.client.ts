import { writeFileSync } from 'node:fs';
import { PrismaPg } from '@prisma/adapter-pg';
import { eq, relations, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { boolean, integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PrismaClient, PrismaProject, prismaIsMissing } from './prisma/project.js';
import { runProgram, startedServer, urlOf, workFolder } from './started.js';

const MAKES_USER_TABLES = '-c kalamdb.default_table_type=user';
const APP = { user: 'app', password: 'app' };
/** End users that have roles, and such that the server has never heard of. */
const USERS = Array.from({ length: 20 }, (_, i) => `user${i}`);

/** How an application says for whom a transaction is; both have the end user's name as a parameter or quoted. */
const WAYS = {
  'SET LOCAL ROLE': (user: string) => `SET LOCAL ROLE ${pg.escapeIdentifier(user)}`,
  'SET LOCAL kalamdb.user_id': (user: string) => `SET LOCAL kalamdb.user_id = ${pg.escapeLiteral(user)}`,
} as const;

async function administer(connection: pg.ClientConfig, ...statements: readonly string[]): Promise<pg.QueryResult[]> {
  const client = new pg.Client(connection);
  await client.connect();
  const results: pg.QueryResult[] = [];
  for (const statement of statements) results.push(await client.query(statement));
  await client.end();
  return results;
}

/** The application's role, which may act for anybody, and the roles of the end users, with what they may do. */
const ROLES = [
  `CREATE ROLE app LOGIN PASSWORD 'app'`,
  'GRANT kalamdb_service TO app',
  'CREATE ROLE people',
  ...USERS.flatMap((user) => [`CREATE ROLE ${user} IN ROLE people`, `GRANT ${user} TO app`]),
];
const GRANTS = [
  'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO app, people',
  'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO app, people',
];
const TYPES =
  "SELECT c.relname, o.option_value FROM pg_class c, pg_options_to_table(c.reloptions) o WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1";

describe('Drizzle over user tables', () => {
  const server = startedServer('drizzle-users');
  const folder = workFolder('drizzle-users');
  const list = pgTable('list', { id: integer('id').primaryKey(), name: text('name').notNull().unique() });
  const todo = pgTable('todo', {
    id: serial('id').primaryKey(),
    title: text('title').notNull(),
    done: boolean('done').notNull().default(false),
    listId: integer('list_id').references(() => list.id, { onDelete: 'cascade' }),
  });
  const schema = {
    list,
    todo,
    lists: relations(list, ({ many }) => ({ todos: many(todo) })),
    todos: relations(todo, ({ one }) => ({ list: one(list, { fields: [todo.listId], references: [list.id] }) })),
  };
  let pool: pg.Pool;
  beforeAll(async () => {
    await administer(server.connection, ...ROLES);
    pool = new pg.Pool({ ...server.connection, ...APP, max: 4 });
  });
  afterAll(() => pool?.end());

  it('drizzle-kit push makes them by the options of its connection, and finds nothing to do then', async () => {
    writeFileSync(
      `${folder}/schema.ts`,
      `import { boolean, integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
export const list = pgTable('list', { id: integer('id').primaryKey(), name: text('name').notNull().unique() });
export const todo = pgTable('todo', { id: serial('id').primaryKey(), title: text('title').notNull(), done: boolean('done').notNull().default(false),
  listId: integer('list_id').references(() => list.id, { onDelete: 'cascade' }) });`,
    );
    const url = JSON.stringify(urlOf(server, MAKES_USER_TABLES));
    writeFileSync(
      `${folder}/drizzle.config.ts`,
      `export default { dialect: 'postgresql', schema: './schema.ts', out: './out', dbCredentials: { url: ${url} } };`,
    );
    expect(await runProgram(folder, {}, 'drizzle-kit', 'push', '--force')).toContain('Changes applied');
    expect(await runProgram(folder, {}, 'drizzle-kit', 'push', '--force')).toContain('No changes detected');
    const [types] = await administer(server.connection, TYPES, ...GRANTS);
    expect(types?.rows).toEqual([
      { relname: 'list', option_value: 'user' },
      { relname: 'todo', option_value: 'user' },
    ]);
  });

  it.each(Object.entries(WAYS))('20 end users through one pool with %s', async (way, actAs) => {
    const db = drizzle(pool, { schema });
    const as = <T>(user: string, work: (tx: Parameters<Parameters<typeof db.transaction>[0]>[0]) => Promise<T>): Promise<T> =>
      db.transaction(async (tx) => {
        await tx.execute(sql.raw(actAs(user)));
        return work(tx);
      });
    // The same keys and unique names for everybody.
    await Promise.all(
      USERS.map((user) =>
        as(user, async (tx) => {
          await tx.delete(list);
          await tx.insert(list).values({ id: 1, name: 'home' });
          const [first] = await tx
            .insert(todo)
            .values([
              { title: `${user} a`, listId: 1 },
              { title: `${user} b`, listId: 1 },
            ])
            .returning();
          await tx
            .update(todo)
            .set({ done: true })
            .where(eq(todo.id, first?.id ?? 0));
          await tx
            .insert(list)
            .values({ id: 1, name: 'x' })
            .onConflictDoUpdate({ target: list.id, set: { name: user } });
        }),
      ),
    );
    for (let round = 0; round < 3; round++) {
      const seen = await Promise.all(
        USERS.map((user) => as(user, (tx) => tx.query.list.findMany({ with: { todos: { orderBy: todo.title } } }))),
      );
      for (const [i, lists] of seen.entries()) {
        const user = USERS[i] ?? '';
        expect(lists.map(({ id, name, todos }) => [id, name, todos.map(({ title, done }) => [title, done])])).toEqual([
          [
            1,
            user,
            [
              [`${user} a`, true],
              [`${user} b`, false],
            ],
          ],
        ]);
      }
    }
    // An update, a delete and an aggregate without conditions reach one's own rows alone.
    expect((await as('user3', (tx) => tx.update(todo).set({ title: 'mine' }))).rowCount).toBe(2);
    expect((await as('user5', (tx) => tx.delete(list))).rowCount).toBe(1);
    const counts = await Promise.all(USERS.map((user) => as(user, (tx) => tx.$count(todo))));
    expect(counts).toEqual(USERS.map((user) => (user === 'user5' ? 0 : 2)));
    expect(await as('user4', (tx) => tx.select({ title: todo.title }).from(todo).orderBy(todo.title))).toEqual([
      { title: 'user4 a' },
      { title: 'user4 b' },
    ]);
    // What a transaction set is gone with it, also when it fails.
    await expect(as('user6', (tx) => tx.execute(sql`SELECT 1 / 0`))).rejects.toThrow();
    expect([way, await db.$count(todo)]).toEqual([way, 0]);
  });
});

const missing = prismaIsMissing();

describe.skipIf(missing !== undefined)(`Prisma over user tables${missing === undefined ? '' : `: ${missing}`}`, () => {
  const server = startedServer('prisma-users');
  const project = new PrismaProject('prisma-users', server, 'todos.prisma', MAKES_USER_TABLES);
  let prisma: PrismaClient;
  beforeAll(async () => {
    project.configure();
    await administer(server.connection, ...ROLES);
  });
  afterAll(() => prisma?.$disconnect());

  it('db push makes them by the options of its connection', async () => {
    expect(await project.run('db', 'push')).toContain('is now in sync');
    expect(await project.run('db', 'push')).toContain('is already in sync');
    const [types] = await administer(server.connection, TYPES, ...GRANTS);
    expect(types?.rows).toEqual([
      { relname: 'List', option_value: 'user' },
      { relname: 'Todo', option_value: 'user' },
    ]);
  });

  it('so do migrations, where the role has the setting', async () => {
    await administer(server.connection, 'DROP TABLE "Todo", "List"', "ALTER ROLE postgres SET kalamdb.default_table_type = 'user'");
    expect(await project.run('migrate', 'dev', '--name', 'init')).toContain('in sync with your schema');
    const [, types] = await administer(server.connection, 'ALTER ROLE postgres RESET ALL', TYPES, ...GRANTS);
    expect(types?.rows).toMatchObject([{ relname: 'List' }, { relname: 'Todo' }, { relname: '_prisma_migrations' }]);
    await project.run('generate');
    const { PrismaClient } = await project.client();
    prisma = new PrismaClient({ adapter: new PrismaPg({ ...server.connection, ...APP, max: 4 }) });
  });

  it.each(Object.entries(WAYS))('20 end users through one pool with %s', async (_, actAs) => {
    const as = <T>(user: string, work: (tx: PrismaClient) => Promise<T>): Promise<T> =>
      prisma.$transaction(
        async (tx: PrismaClient) => {
          await tx.$executeRawUnsafe(actAs(user));
          return work(tx);
        },
        { maxWait: 30_000, timeout: 30_000 },
      );
    await Promise.all(
      USERS.map((user) =>
        as(user, async (tx) => {
          await tx.list.deleteMany();
          await tx.list.create({ data: { id: 1, name: 'home', todos: { create: [{ title: `${user} a` }, { title: `${user} b` }] } } });
          await tx.list.upsert({ where: { id: 1 }, create: { id: 1, name: 'x' }, update: { name: user } });
          await tx.todo.updateMany({ where: { title: { endsWith: 'a' } }, data: { done: true } });
        }),
      ),
    );
    for (let round = 0; round < 3; round++) {
      const include = { todos: { orderBy: { title: 'asc' }, select: { title: true, done: true } } };
      const seen = await Promise.all(USERS.map((user) => as(user, (tx) => tx.list.findMany({ include }))));
      expect(seen).toEqual(
        USERS.map((user) => [
          {
            id: 1,
            name: user,
            todos: [
              { title: `${user} a`, done: true },
              { title: `${user} b`, done: false },
            ],
          },
        ]),
      );
    }
    const stranger = await as('user8', (tx) => tx.todo.findFirst());
    expect(await as('user9', (tx) => tx.todo.findUnique({ where: { id: stranger.id } }))).toBeNull();
    await expect(as('user9', (tx) => tx.todo.delete({ where: { id: stranger.id } }))).rejects.toMatchObject({ code: 'P2025' });
    expect(await as('user3', (tx) => tx.todo.updateMany({ data: { title: 'mine' } }))).toEqual({ count: 2 });
    expect(await as('user5', (tx) => tx.list.deleteMany())).toEqual({ count: 1 });
    const counts = await Promise.all(USERS.map((user) => as(user, (tx) => tx.todo.count())));
    expect(counts).toEqual(USERS.map((user) => (user === 'user5' ? 0 : 2)));
    expect(await as('user4', (tx) => tx.todo.groupBy({ by: ['title'], _count: true, orderBy: { title: 'asc' } }))).toEqual([
      { title: 'user4 a', _count: 1 },
      { title: 'user4 b', _count: 1 },
    ]);
    expect(await prisma.todo.count()).toBe(0);
  });
});
