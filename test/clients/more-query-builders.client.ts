import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import knexLibrary from 'knex';
import objection from 'objection';
import pg from 'pg';
import pgPromise from 'pg-promise';
import { createPool, sql } from 'slonik';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runProgram, startedServer, urlOf, workFolder } from './started.js';

const { Model } = objection;

describe('more query builders', () => {
  const server = startedServer('more-builders');
  const folder = workFolder('more-builders');

  it('node-pg-migrate: up, down, redo', async () => {
    mkdirSync(`${folder}/migrations`);
    writeFileSync(
      `${folder}/migrations/1000000000001_init.mjs`,
      `export const up = (pgm) => {
  pgm.createExtension('pgcrypto', { ifNotExists: true });
  pgm.createType('np_mood', ['sad', 'ok']);
  pgm.createSequence('np_seq', { start: 5 });
  pgm.createTable('np_users', {
    id: 'id', name: { type: 'varchar(100)', notNull: true, unique: true }, mood: { type: 'np_mood', default: 'ok' },
    no: { type: 'int', default: pgm.func("nextval('np_seq')") }, created: { type: 'timestamp', notNull: true, default: pgm.func('current_timestamp') },
  }, { comment: 'people' });
  pgm.createTable('np_posts', { id: { type: 'uuid', primaryKey: true, default: pgm.func('gen_random_uuid()') }, author: { type: 'integer', references: 'np_users', onDelete: 'cascade' }, body: 'text' });
  pgm.createIndex('np_posts', ['author', { name: 'body', sort: 'DESC' }], { where: 'body IS NOT NULL' });
  pgm.addConstraint('np_users', 'np_name', { check: "name <> ''" });
  pgm.createView('np_view', {}, 'SELECT id, name FROM np_users');
  pgm.createMaterializedView('np_counts', {}, 'SELECT count(*) AS n FROM np_users');
  pgm.createFunction('np_touch', [], { returns: 'trigger', language: 'plpgsql' }, 'BEGIN NEW.name := lower(NEW.name); RETURN NEW; END');
  pgm.createTrigger('np_users', 'np_touch', { when: 'BEFORE', operation: ['INSERT', 'UPDATE'], level: 'ROW', function: 'np_touch' });
  pgm.sql("INSERT INTO np_users (name) VALUES ('ANN')");
};
export const down = (pgm) => {
  pgm.dropTrigger('np_users', 'np_touch'); pgm.dropFunction('np_touch', []); pgm.dropMaterializedView('np_counts'); pgm.dropView('np_view');
  pgm.dropTable('np_posts'); pgm.dropTable('np_users'); pgm.dropSequence('np_seq'); pgm.dropType('np_mood');
};
`,
    );
    writeFileSync(
      `${folder}/migrations/1000000000002_change.mjs`,
      `export const up = (pgm) => {
  pgm.addColumns('np_users', { email: { type: 'text' }, age: { type: 'smallint', check: 'age > 0' } });
  pgm.renameColumn('np_users', 'created', 'made');
  pgm.alterColumn('np_users', 'email', { notNull: true, default: 'none', type: 'varchar(50)', using: "coalesce(email, 'none')" });
  pgm.renameTable('np_posts', 'np_articles');
  pgm.addTypeValue('np_mood', 'glad', { after: 'ok' });
};
export const down = (pgm) => { pgm.renameTable('np_articles', 'np_posts'); pgm.renameColumn('np_users', 'made', 'created'); pgm.dropColumns('np_users', ['email', 'age']); };
`,
    );
    const migrate = (...args: readonly string[]): Promise<string> =>
      runProgram(folder, { DATABASE_URL: urlOf(server) }, 'node-pg-migrate', ...args, '--no-single-transaction');
    expect(await migrate('up')).toContain('Migrations complete!');
    expect(await migrate('up')).toContain('No migrations to run!');
    expect(await migrate('redo')).toContain('Migrations complete!');
    const client = new pg.Client(server.connection);
    await client.connect();
    expect((await client.query('SELECT name, email, mood, no FROM np_users WHERE made <= now()')).rows).toEqual([
      { name: 'ann', email: 'none', mood: 'ok', no: 5 },
    ]);
    expect(await migrate('down', '2')).toContain('Migrations complete!');
    expect((await client.query("SELECT count(*)::int AS n FROM pg_class WHERE relname LIKE 'np\\_%'")).rows).toEqual([{ n: 0 }]);
    await client.end();
  });

  it('kysely-codegen: types of tables, enums, domains, views', async () => {
    const client = new pg.Client(server.connection);
    await client.connect();
    await client.query(`CREATE SCHEMA kc; CREATE TYPE kc.mood AS ENUM ('sad', 'ok'); CREATE DOMAIN kc.email AS text CHECK (VALUE LIKE '%@%');
      CREATE TABLE kc.user_account (id bigserial PRIMARY KEY, mood kc.mood NOT NULL DEFAULT 'ok', mail kc.email, tags text[] NOT NULL, data jsonb, price numeric, at timestamptz DEFAULT now(),
        moods kc.mood[], full_name text GENERATED ALWAYS AS ('x') STORED, no int GENERATED ALWAYS AS IDENTITY);
      COMMENT ON COLUMN kc.user_account.data IS 'anything';
      CREATE VIEW kc.names AS SELECT id, mood FROM kc.user_account; CREATE MATERIALIZED VIEW kc.mat AS SELECT 1 AS one;
      CREATE TABLE kc.parted (id int, at date) PARTITION BY RANGE (at); CREATE TABLE kc.parted_1 PARTITION OF kc.parted DEFAULT`);
    await client.end();
    await runProgram(
      folder,
      {},
      'kysely-codegen',
      '--url',
      urlOf(server),
      '--default-schema',
      'kc',
      '--include-pattern',
      'kc.*',
      '--out-file',
      `${folder}/db.ts`,
    );
    const made = readFileSync(`${folder}/db.ts`, 'utf8').replace(/\s+/g, ' ');
    for (const part of [
      'id: Generated<Int8>;',
      'mood: Generated<Mood>;',
      'mail: string | null;',
      'tags: string[];',
      'data: Json | null;',
      'price: Numeric | null;',
      'at: Generated<Timestamp | null>;',
      'moods: ArrayType<Mood> | null;',
      'fullName',
      'export type Mood = "ok" | "sad";',
      '/** * anything */',
      'names: Names;',
      'mat: Mat;',
      'parted: Parted;',
    ])
      expect(made).toContain(part === 'fullName' ? 'full_name: Generated<string | null>;' : part);
    expect(made).not.toContain('parted_1');
  });

  it('Objection: graphs, eager loading, transactions', async () => {
    const knex = knexLibrary({ client: 'pg', connection: server.connection });
    await knex.schema.createTable('ob_person', (t) => {
      t.increments();
      t.string('name');
      t.jsonb('info');
      t.integer('parent_id').references('ob_person.id');
    });
    await knex.schema.createTable('ob_pet', (t) => {
      t.increments();
      t.string('name');
      t.integer('owner_id').references('ob_person.id').onDelete('CASCADE');
    });
    class Person extends Model {
      static override tableName = 'ob_person';
      static override relationMappings = () => ({
        pets: { relation: Model.HasManyRelation, modelClass: Pet, join: { from: 'ob_person.id', to: 'ob_pet.owner_id' } },
        children: { relation: Model.HasManyRelation, modelClass: Person, join: { from: 'ob_person.id', to: 'ob_person.parent_id' } },
      });
    }
    class Pet extends Model {
      static override tableName = 'ob_pet';
    }
    Model.knex(knex);
    await Person.transaction((trx) =>
      Person.query(trx).insertGraph({
        name: 'Ann',
        info: { a: [1] },
        pets: [{ name: 'Rex' }, { name: 'Tom' }],
        children: [{ name: 'Bob', children: [{ name: 'Cy' }] }],
      } as never),
    );
    const [ann] = await Person.query()
      .where('name', 'Ann')
      .withGraphFetched('[pets, children.^]')
      .modifyGraph('pets', (b) => b.orderBy('name'));
    expect(ann?.toJSON()).toMatchObject({
      info: { a: [1] },
      pets: [{ name: 'Rex' }, { name: 'Tom' }],
      children: [{ name: 'Bob', children: [{ name: 'Cy' }] }],
    });
    expect(await Person.query().joinRelated('pets').where('pets.name', 'like', 'R%').select('ob_person.name')).toMatchObject([
      { name: 'Ann' },
    ]);
    const graph = { id: 1, name: 'Anna', pets: [{ id: 1, name: 'Max' }] };
    await Person.query().upsertGraph(graph as never, { noDelete: false });
    expect(await Pet.query().resultSize()).toBe(1);
    expect(
      await Person.query()
        .patch({ info: { 'a:b': 1 } } as never)
        .where('id', 1),
    ).toBe(1);
    await knex.destroy();
  });

  it('pg-promise: tasks, nested transactions, helpers', async () => {
    const pgp = pgPromise();
    const db = pgp(urlOf(server));
    await db.none('CREATE TABLE pp (id serial PRIMARY KEY, name text, data json, tags text[])');
    const columns = new pgp.helpers.ColumnSet(['name', { name: 'data', mod: ':json' }, 'tags'], { table: 'pp' });
    const rows = [
      { name: "O'Hara", data: { a: 1 }, tags: ['x', 'y,z'] },
      { name: 'Ü', data: null, tags: [] as string[] },
    ];
    const inserted = await db.many(
      `${pgp.helpers
        .insert(
          rows.map((row) => ({ ...row, tags: row.tags })),
          columns,
        )
        .replace(/array\[\]/gi, "'{}'")} RETURNING id`,
    );
    expect(inserted).toEqual([{ id: 1 }, { id: 2 }]);
    expect(await db.one('SELECT name, data, tags FROM pp WHERE id = $<id>', { id: 1 })).toEqual(rows[0]);
    await db.tx(async (t) => {
      await t.none('UPDATE pp SET name = $1 WHERE id = 1', ['changed']);
      await t
        .tx(async (inner) => {
          await inner.none('DELETE FROM pp');
          throw new Error('back');
        })
        .catch(() => undefined);
    });
    expect(
      await db.task((t) => t.batch([t.one('SELECT count(*)::int AS n FROM pp'), t.oneOrNone('SELECT name FROM pp WHERE id = 9')])),
    ).toEqual([{ n: 2 }, null]);
    const serializable = new pgp.txMode.TransactionMode({
      tiLevel: pgp.txMode.isolationLevel.serializable,
      readOnly: true,
      deferrable: true,
    });
    await expect(db.tx({ mode: serializable }, (t) => t.none('DELETE FROM pp'))).rejects.toMatchObject({ code: '25006' });
    await expect(db.one(new pgp.PreparedStatement({ name: 'find', text: 'SELECT * FROM pp WHERE id = $1', values: [9] }))).rejects.toThrow(
      'No data',
    );
    expect(await db.multi('SELECT 1 AS a; SELECT 2 AS b')).toEqual([[{ a: 1 }], [{ b: 2 }]]);
    await db.$pool.end();
  });

  it('Slonik: typed rows, unnest, streams, retried transactions', async () => {
    const pool = await createPool(urlOf(server), { maximumPoolSize: 3 });
    await pool.query(sql.unsafe`CREATE TABLE sl (id int PRIMARY KEY, name text, at timestamptz DEFAULT now())`);
    await pool.query(
      sql.unsafe`INSERT INTO sl (id, name) SELECT * FROM ${sql.unnest(
        [
          [1, 'a'],
          [2, 'b'],
          [3, null],
        ],
        ['int4', 'text'],
      )}`,
    );
    expect(
      await pool.many(
        sql.type(
          z.object({ id: z.number(), name: z.string().nullable() }),
        )`SELECT id, name FROM sl WHERE id = ANY(${sql.array([1, 3], 'int4')}) ORDER BY id`,
      ),
    ).toEqual([
      { id: 1, name: 'a' },
      { id: 3, name: null },
    ]);
    expect(await pool.oneFirst(sql.unsafe`SELECT count(*) FROM ${sql.identifier(['public', 'sl'])}`)).toBe(3);
    await expect(
      pool.transaction(async (tx) => {
        await tx.query(sql.unsafe`DELETE FROM sl`);
        throw new Error('back');
      }),
    ).rejects.toThrow('back');
    await expect(pool.query(sql.unsafe`INSERT INTO sl (id) VALUES (1)`)).rejects.toThrow(/unique/i);
    expect(
      await pool.exists(
        sql.unsafe`SELECT 1 FROM sl WHERE ${sql.join([sql.fragment`id = 1`, sql.fragment`name = 'a'`], sql.fragment` AND `)}`,
      ),
    ).toBe(true);
    await pool.end();
  });

  it('PgTyped: describes queries and writes their types', async () => {
    const client = new pg.Client(server.connection);
    await client.connect();
    await client.query(
      "CREATE TYPE pt_mood AS ENUM ('sad', 'ok'); CREATE TABLE pt (id serial PRIMARY KEY, name text NOT NULL, mood pt_mood, tags text[], data jsonb)",
    );
    await client.end();
    writeFileSync(
      `${folder}/find.sql`,
      '/* @name FindByName */\nSELECT id, name, mood, tags, data, count(*) OVER () AS n FROM pt WHERE name = :name! AND mood = :mood;\n\n/* @name Add */\nINSERT INTO pt (name, mood) VALUES (:name, :mood) RETURNING id;\n',
    );
    const { user, password, host, port, database: dbName } = server.connection;
    writeFileSync(
      `${folder}/pgtyped.json`,
      JSON.stringify({
        transforms: [{ mode: 'sql', include: '*.sql', emitTemplate: '{{dir}}/{{name}}.queries.ts' }],
        srcDir: folder,
        db: { user, password, host, port, dbName },
      }),
    );
    await runProgram(folder, {}, 'pgtyped', '-c', `${folder}/pgtyped.json`);
    expect(existsSync(`${folder}/find.queries.ts`)).toBe(true);
    const made = readFileSync(`${folder}/find.queries.ts`, 'utf8').replace(/\s+/g, ' ');
    for (const part of [
      "export type pt_mood = 'ok' | 'sad';",
      'id: number; mood: pt_mood | null; n: string | null; name: string;',
      'mood?: pt_mood | null | void;',
      'name: string;',
      'tags: stringArray | null;',
    ])
      expect(made).toContain(part);
  });
});
