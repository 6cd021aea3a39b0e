import { readdirSync } from 'node:fs';
import { PrismaPg } from '@prisma/adapter-pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GeneratedClient, type PrismaClient, PrismaProject, prismaIsMissing } from './prisma/project.js';
import { startedServer } from './started.js';

const missing = prismaIsMissing();

describe.skipIf(missing !== undefined)(`Prisma${missing === undefined ? '' : `: ${missing}`}`, () => {
  const server = startedServer('prisma');
  const project = new PrismaProject('prisma', server);
  let prisma: PrismaClient;
  let Prisma: GeneratedClient['Prisma'];
  beforeAll(() => project.configure());
  afterAll(async () => {
    await prisma?.$disconnect();
  });

  it('db push, and nothing more to do; db pull gives the schema back', async () => {
    expect(await project.run('db', 'push')).toContain('is now in sync');
    expect(await project.run('db', 'push')).toContain('is already in sync');
    const pulled = await project.run('db', 'pull', '--print');
    for (const line of [
      'role    Role     @default(USER)',
      'bio    String @default("it\'s \\"new\\"")',
      '@@index([authorId, published(sort: Desc)])',
      '@@index([title], type: Hash)',
      '@@unique([tenant, text], map: "kind_text")',
      'prices  Decimal[]',
      '@@map("role_kind")',
    ]) {
      expect(pulled.replace(/ +/g, ' ')).toContain(line.replace(/ +/g, ' '));
    }
    expect(await project.run('db', 'push', '--force-reset')).toContain('was successfully reset');
  });

  it('migrate dev, status, deploy, reset, diff, with a shadow database', async () => {
    await project.run('migrate', 'reset', '--force');
    expect(await project.run('migrate', 'dev', '--name', 'init')).toContain('in sync with your schema');
    project.change('name  String @id', 'name  String @id\n  color String?');
    expect(await project.run('migrate', 'dev', '--name', 'color')).toContain('_color/');
    expect(readdirSync(`${project.folder}/migrations`)).toHaveLength(3);
    expect(await project.run('migrate', 'status')).toContain('Database schema is up to date!');
    expect(await project.run('migrate', 'reset', '--force')).toContain('_color/');
    expect(await project.run('migrate', 'deploy')).toContain('No pending migrations to apply');
    const diff = ['migrate', 'diff', '--from-migrations', 'migrations', '--to-schema', 'schema.prisma', '--exit-code'];
    expect(await project.run(...diff)).toContain('No difference detected');
    expect(await project.run('migrate', 'diff', '--from-empty', '--to-config-datasource', '--script')).toContain('"role_kind" AS ENUM');
  });

  it('generates a client', async () => {
    expect(await project.run('generate')).toContain('Generated Prisma Client');
    const made = await project.client();
    Prisma = made.Prisma;
    prisma = new made.PrismaClient({ adapter: new PrismaPg({ ...server.connection, max: 5 }) });
    expect(await prisma.user.count()).toBe(0);
  });

  it('nested writes, relations, filters', async () => {
    const ann = await prisma.user.create({
      data: {
        email: 'ann@x',
        name: 'Ann',
        profile: { create: { bio: 'b' } },
        posts: {
          create: [
            { title: 'p1', tags: { create: [{ name: 'a' }, { name: 'b' }] } },
            { title: 'p2', views: 7 },
          ],
        },
      },
      include: { profile: true, posts: { include: { tags: true }, orderBy: { title: 'asc' } } },
    });
    expect(ann).toMatchObject({ role: 'USER', profile: { bio: 'b' } });
    expect(ann.posts.map((post: { tags: unknown[] }) => post.tags.length)).toEqual([2, 0]);
    await prisma.user.createMany({
      data: [
        { email: 'bob@x', role: 'ADMIN' },
        { email: 'cy@x', name: 'Cy' },
      ],
    });
    const again = { data: [{ email: 'bob@x' }, { email: 'di@x' }], skipDuplicates: true, select: { email: true } };
    expect(await prisma.user.createManyAndReturn(again)).toEqual([{ email: 'di@x' }]);
    expect(await prisma.user.findMany({ where: { posts: { some: { tags: { some: { name: 'a' } } } } }, select: { email: true } })).toEqual([
      { email: 'ann@x' },
    ]);
    expect(
      await prisma.user.findMany({
        where: { posts: { none: {} }, email: { contains: 'X', mode: 'insensitive' } },
        orderBy: { id: 'desc' },
        take: 2,
        select: { email: true },
      }),
    ).toEqual([{ email: 'di@x' }, { email: 'cy@x' }]);
    expect(
      await prisma.user.findMany({ cursor: { email: 'bob@x' }, skip: 1, take: 1, orderBy: { id: 'asc' }, select: { email: true } }),
    ).toEqual([{ email: 'cy@x' }]);
    expect(await prisma.user.findUnique({ where: { email: 'ann@x' }, include: { _count: { select: { posts: true } } } })).toMatchObject({
      _count: { posts: 2 },
    });
    await prisma.user.update({
      where: { email: 'ann@x' },
      data: {
        profile: { update: { bio: 'changed' } },
        posts: { updateMany: { where: {}, data: { views: { increment: 1 } } }, deleteMany: { title: 'none' } },
      },
    });
    await prisma.post.updateMany({ where: { title: 'p2' }, data: { views: { multiply: 2 } } });
    const p1 = await prisma.post.findFirst({ where: { title: 'p1' } });
    await prisma.post.update({
      where: { id: p1.id },
      data: { tags: { connectOrCreate: { where: { name: 'c' }, create: { name: 'c' } }, disconnect: { name: 'a' } } },
    });
    expect(await prisma.tag.findMany({ where: { posts: { some: {} } }, orderBy: { name: 'asc' }, select: { name: true } })).toEqual([
      { name: 'b' },
      { name: 'c' },
    ]);
    const upsert = { where: { email: 'ed@x' }, create: { email: 'ed@x', name: 'Ed' }, update: { name: 'Eddy' } };
    expect([(await prisma.user.upsert(upsert)).name, (await prisma.user.upsert(upsert)).name]).toEqual(['Ed', 'Eddy']);
    await expect(prisma.user.create({ data: { email: 'ed@x' } })).rejects.toMatchObject({ code: 'P2002' });
    await expect(prisma.profile.create({ data: { userId: 999 } })).rejects.toMatchObject({ code: 'P2003' });
    await expect(prisma.user.delete({ where: { email: 'none' } })).rejects.toMatchObject({ code: 'P2025' });
    await expect(prisma.user.create({ data: { email: 'x'.repeat(201) } })).rejects.toMatchObject({ code: 'P2000' });
  });

  it('groupBy, aggregate, raw queries', async () => {
    expect(await prisma.post.aggregate({ _sum: { views: true }, _avg: { views: true }, _max: { title: true }, _count: true })).toEqual({
      _sum: { views: 17 },
      _avg: { views: 8.5 },
      _max: { title: 'p2' },
      _count: 2,
    });
    const grouped = { by: ['role'], _count: { _all: true, name: true }, having: { role: { not: 'ADMIN' } }, orderBy: { role: 'asc' } };
    expect(await prisma.user.groupBy(grouped)).toEqual([{ role: 'USER', _count: { _all: 4, name: 3 } }]);
    expect(await prisma.$queryRaw`SELECT email, ${2}::int + 1 AS n FROM users WHERE role = 'ADMIN'`).toEqual([{ email: 'bob@x', n: 3 }]);
    expect(await prisma.$queryRaw`SELECT email FROM users WHERE id IN (${Prisma.join([1, 2])}) ORDER BY id`).toHaveLength(2);
    expect(await prisma.$executeRaw`UPDATE "Post" SET published = true WHERE title = ${'p1'}`).toBe(1);
    expect(await prisma.$queryRawUnsafe('SELECT $1::text AS t, now() IS NOT NULL AS b, 1.50::numeric AS d', 'x')).toMatchObject([
      { t: 'x', b: true },
    ]);
    await expect(prisma.$queryRaw`SELECT nothing`).rejects.toMatchObject({ code: 'P2010' });
  });

  it('transactions: batches, interactive ones, isolation levels', async () => {
    const [made, count] = await prisma.$transaction([prisma.tag.create({ data: { name: 't1' } }), prisma.tag.count()]);
    expect([made.name, count]).toEqual(['t1', 4]);
    await expect(
      prisma.$transaction([prisma.tag.create({ data: { name: 't2' } }), prisma.tag.create({ data: { name: 't1' } })]),
    ).rejects.toMatchObject({ code: 'P2002' });
    await expect(
      prisma.$transaction(async (tx: PrismaClient) => {
        await tx.tag.deleteMany();
        expect(await prisma.tag.count()).toBe(4);
        throw new Error('back');
      }),
    ).rejects.toThrow('back');
    expect(await prisma.tag.count()).toBe(4);
    const level = (tx: PrismaClient): Promise<unknown> => tx.$queryRaw`SHOW transaction_isolation`;
    for (const [isolationLevel, shown] of [
      ['Serializable', 'serializable'],
      ['RepeatableRead', 'repeatable read'],
      ['ReadCommitted', 'read committed'],
      ['ReadUncommitted', 'read uncommitted'],
    ]) {
      expect(await prisma.$transaction(level, { isolationLevel })).toEqual([{ transaction_isolation: shown }]);
    }
    await prisma.tag.create({ data: { name: 'n', color: '0' } });
    const raise = (): Promise<unknown> =>
      prisma.$transaction(
        async (tx: PrismaClient) => {
          const { color } = await tx.tag.findUnique({ where: { name: 'n' } });
          await tx.tag.update({ where: { name: 'n' }, data: { color: String(Number(color) + 1) } });
        },
        { isolationLevel: 'Serializable', maxWait: 20_000 },
      );
    const settled = await Promise.allSettled(Array.from({ length: 5 }, raise));
    const done = settled.filter(({ status }) => status === 'fulfilled').length;
    for (const each of settled) if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'P2034' });
    expect((await prisma.tag.findUnique({ where: { name: 'n' } })).color).toBe(String(done));
  });

  it('every scalar type, enums, arrays', async () => {
    const at = new Date('2024-02-29T12:34:56.789Z');
    const data = {
      tenant: 1,
      no: 9007199254740993n,
      flag: true,
      small: -5,
      big: -9223372036854775808n,
      float: 0.1,
      real: 1.5,
      price: '1234.5678',
      free: '123456789012345678901234567890.5',
      text: 'ü "quoted" \\ 😀',
      fixed: 'ab  ',
      address: '10.0.0.1',
      bits: '101',
      bytes: new Uint8Array([0, 255, 92]),
      day: new Date('2024-02-29'),
      time: new Date('1970-01-01T12:34:56.789Z'),
      at,
      zoned: at,
      json: { a: [1, null, 'x'], b: { c: true } },
      plain: [1, 2],
      uid: '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
      role: 'ADMIN',
      bigs: [1n, -2n],
      texts: ['a,b', '"', '', 'NULL', '{}'],
      floats: [1.5, -0.25],
      prices: ['1.10', '2'],
      flags: [true, false],
      roles: ['USER', 'ADMIN'],
      times: [at],
      jsons: [{ k: 1 }, 'text', 3],
      blobs: [new Uint8Array([1, 2]), new Uint8Array([])],
    };
    await prisma.kind.create({ data });
    const found = await prisma.kind.findUnique({ where: { tenant_no: { tenant: 1, no: data.no } } });
    const { price, free, prices, bytes, blobs, ...rest } = found;
    const { price: _p, free: _f, prices: _ps, bytes: _b, blobs: _bs, ...wanted } = data;
    expect(rest).toEqual({ ...wanted, ints: [1, 2] });
    expect([price, free, ...prices].map((each) => each.toFixed())).toEqual(['1234.5678', '123456789012345678901234567890.5', '1.1', '2']);
    expect([bytes, ...blobs].map((each) => Buffer.from(each).toString('hex'))).toEqual(['00ff5c', '0102', '']);
    const one = async (where: object): Promise<number> => prisma.kind.count({ where });
    for (const where of [
      { json: { path: ['a', '2'], equals: 'x' } },
      { json: { path: ['b'], equals: { c: true } } },
      { json: { path: ['a'], array_contains: [1] } },
      { texts: { has: 'a,b' } },
      { bigs: { hasEvery: [1n, -2n] } },
      { roles: { hasSome: ['ADMIN'] } },
      { prices: { isEmpty: false } },
      { price: { gt: '1234' }, free: { lt: '1e30' }, big: { lt: 0n } },
      { bytes: new Uint8Array([0, 255, 92]), uid: { equals: data.uid }, day: data.day },
      { at: { gte: at, lte: at }, zoned: at, time: data.time },
      { text: { startsWith: 'Ü', mode: 'insensitive' }, NOT: { fixed: 'zz' } },
    ]) {
      expect([where, await one(where)]).toEqual([where, 1]);
    }
    await prisma.kind.update({
      where: { tenant_no: { tenant: 1, no: data.no } },
      data: { texts: { push: 'more' }, big: { increment: 1 }, plain: Prisma.DbNull, json: Prisma.JsonNull, price: { divide: 2 } },
    });
    const changed = await prisma.kind.findFirstOrThrow();
    expect([changed.texts.at(-1), changed.big, changed.plain, changed.json, String(changed.price)]).toEqual([
      'more',
      -9223372036854775807n,
      null,
      null,
      '617.2839',
    ]);
  });
});
