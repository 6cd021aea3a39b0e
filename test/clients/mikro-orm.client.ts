import { readdirSync } from 'node:fs';
import { Migrator } from '@mikro-orm/migrations';
import { defineEntity, LockMode, MikroORM, p, raw } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startedServer, workFolder } from './started.js';

const Author = defineEntity({
  name: 'Author',
  properties: {
    id: p.integer().primary(),
    name: p.string().unique(),
    mood: p.enum(['sad', 'ok']).nativeEnumName('mood').default('ok'),
    born: p.date().nullable(),
    tags: p.array().nullable(),
    meta: p.json().nullable(),
    balance: p.decimal().precision(10).scale(2).default('0'),
    big: p.bigint().nullable(),
    photo: p.blob().nullable(),
    version: p.integer().version(),
    created: p.datetime().defaultRaw('now()'),
    books: () => p.oneToMany(Book).mappedBy('author').orphanRemoval(),
  },
});
const Book = defineEntity({
  name: 'Book',
  properties: {
    id: p.uuid().primary().defaultRaw('gen_random_uuid()'),
    title: p.string().length(50).index(),
    pages: p.integer().default(1),
    author: () => p.manyToOne(Author).deleteRule('cascade'),
    topics: () => p.manyToMany(Topic).owner(),
  },
  checks: [{ name: 'pages_positive', expression: 'pages > 0' }],
});
const Topic = defineEntity({
  name: 'Topic',
  properties: { id: p.integer().primary(), name: p.string(), books: () => p.manyToMany(Book).mappedBy('topics') },
});

describe('MikroORM', () => {
  const server = startedServer('mikro-orm');
  const folder = workFolder('mikro-orm');
  let orm: MikroORM;
  let migrations = 0;
  beforeAll(async () => {
    const { database: dbName, ...connection } = server.connection;
    orm = await MikroORM.init({
      ...connection,
      dbName,
      entities: [Author, Book, Topic],
      extensions: [Migrator],
      // Named after the second otherwise, of which two migrations here may share one.
      migrations: { path: folder, emit: 'js', snapshot: false, fileName: () => `Migration${++migrations}` },
      logger: () => undefined,
    });
  });
  afterAll(async () => {
    await orm?.close(true);
  });

  it('makes and updates the schema, and finds nothing more to do', async () => {
    await orm.schema.create();
    expect(await orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe('');
    await orm.em
      .getConnection()
      .execute('ALTER TABLE book DROP COLUMN pages; DROP INDEX book_title_index; ALTER TABLE author ALTER COLUMN name DROP NOT NULL');
    const update = await orm.schema.getUpdateSchemaSQL({ wrap: false });
    for (const part of ['add "pages" int', 'create index "book_title_index"', 'alter column "name" set not null'])
      expect(update).toContain(part);
    await orm.schema.update();
    expect(await orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe('');
    await orm.schema.drop();
  });

  it('migrates up and down', async () => {
    await orm.migrator.createInitial();
    await orm.migrator.up();
    expect(await orm.migrator.getPending()).toEqual([]);
    expect(await orm.migrator.checkSchema()).toBe(false);
    await orm.em.getConnection().execute('ALTER TABLE book DROP COLUMN pages');
    expect(await orm.migrator.checkSchema()).toBe(true);
    expect((await orm.migrator.create()).diff.up.join()).toContain('add "pages" int');
    await orm.migrator.up();
    expect(await orm.migrator.getExecuted()).toHaveLength(2);
    await orm.migrator.down();
    expect(await orm.migrator.getPending()).toHaveLength(1);
    await orm.migrator.up();
    expect(await orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe('');
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('unit of work: cascades, collections, changes in batches', async () => {
    const em = orm.em.fork();
    const topic = em.create(Topic, { name: 'sea' });
    const ann = em.create(Author, {
      name: 'Ann',
      born: '1990-02-01',
      tags: ['a', 'b,c'],
      meta: { k: [1] },
      balance: '12.50',
      big: 9007199254740993n,
      photo: Buffer.from([0, 255]),
    });
    for (const title of ['one', 'two', 'three']) em.create(Book, { title, author: ann, topics: [topic] });
    await em.flush();
    em.clear();
    const found = await em.findOneOrFail(Author, { name: 'Ann' }, { populate: ['books.topics'], orderBy: { books: { title: 'asc' } } });
    expect(found).toMatchObject({
      born: '1990-02-01',
      tags: ['a', 'b,c'],
      meta: { k: [1] },
      balance: '12.50',
      big: 9007199254740993n,
      mood: 'ok',
      version: 1,
    });
    expect([...(found.photo ?? [])]).toEqual([0, 255]);
    expect(found.books.getItems().map((book) => [book.title, book.topics.length])).toEqual([
      ['one', 1],
      ['three', 1],
      ['two', 1],
    ]);
    for (const book of found.books) book.pages += 5;
    found.books.remove(found.books[0] as never);
    found.mood = 'sad';
    await em.flush();
    expect(found.version).toBe(2);
    expect(await em.count(Book, { pages: { $gte: 6 } })).toBe(2);
    expect(await em.find(Author, { books: { topics: { name: { $ilike: 'SE%' } } }, tags: { $contains: ['a'] } })).toHaveLength(1);
    const [page, total] = await em.findAndCount(Book, {}, { limit: 1, orderBy: { title: 'desc' } });
    expect([page.map(({ title }) => title), total]).toEqual([['two'], 2]);
  });

  it('transactions, locks, upserts, the query builder', async () => {
    await expect(
      orm.em.fork().transactional(async (em) => {
        em.create(Author, { name: 'Bob' });
        await em.flush();
        await em.transactional(async (inner) => {
          inner.create(Author, { name: 'Cy' });
        });
        throw new Error('back');
      }),
    ).rejects.toThrow('back');
    const em = orm.em.fork();
    expect(await em.count(Author)).toBe(1);
    await em.upsertMany(Author, [{ name: 'Ann', balance: '1' }, { name: 'Di' }]);
    expect(await em.count(Author)).toBe(2);
    await em.transactional(async (tx) => {
      const ann = await tx.findOneOrFail(Author, { name: 'Ann' }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      ann.balance = '3';
    });
    const stale = await orm.em.fork().findOneOrFail(Author, { name: 'Ann' });
    await expect(orm.em.fork().lock(stale, LockMode.OPTIMISTIC, stale.version - 1)).rejects.toThrow();
    await expect(em.insert(Author, { name: 'Ann' })).rejects.toMatchObject({ code: '23505' });
    const counted = await em
      .createQueryBuilder(Book, 'b')
      .select(['b.author', raw('count(*) as n')])
      .groupBy('b.author')
      .execute();
    expect(counted).toMatchObject([{ n: '2' }]);
    expect(await em.nativeDelete(Author, { name: 'Ann' })).toBe(1);
    expect(await em.count(Book)).toBe(0);
  });
});
