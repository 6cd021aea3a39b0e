import 'reflect-metadata';
import { DataTypes, Op, Sequelize } from 'sequelize';
import { DataSource, EntitySchema } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { startedServer } from './started.js';

describe('ORMs', () => {
  const server = startedServer('orms');

  it('TypeORM: synchronize finds nothing more to do, relations', async () => {
    const User = new EntitySchema({
      name: 'to_user',
      columns: {
        id: { type: Number, primary: true, generated: true },
        name: { type: String, unique: true },
        mood: { type: 'enum', enum: ['x', 'y'], default: 'x' },
        tags: { type: 'text', array: true, nullable: true },
        data: { type: 'jsonb', nullable: true },
        at: { type: 'timestamptz', createDate: true },
      },
      relations: { posts: { type: 'one-to-many', target: 'to_post', inverseSide: 'user' } },
    });
    const Post = new EntitySchema({
      name: 'to_post',
      columns: { id: { type: 'uuid', primary: true, generated: 'uuid' }, title: { type: String, length: 50 } },
      relations: { user: { type: 'many-to-one', target: 'to_user', inverseSide: 'posts', onDelete: 'CASCADE' } },
      indices: [{ columns: ['title'] }],
    });
    const { user: username, ...connection } = server.connection;
    const source = new DataSource({ type: 'postgres', ...connection, username, entities: [User, Post], uuidExtension: 'pgcrypto' });
    await source.initialize();
    await source.synchronize();
    expect((await source.driver.createSchemaBuilder().log()).upQueries).toEqual([]);
    const user = await source.getRepository('to_user').save({ name: 'A', tags: ['q'], data: { k: 1 } });
    await source.getRepository('to_post').save([
      { title: 'one', user },
      { title: 'two', user },
    ]);
    const [found] = await source.getRepository('to_user').find({ relations: { posts: true } });
    expect(found).toMatchObject({ name: 'A', mood: 'x', tags: ['q'] });
    expect(found?.posts).toHaveLength(2);
    await source.transaction((manager) => manager.getRepository('to_user').update({ name: 'A' }, { mood: 'y' }));
    expect(await source.getRepository('to_user').createQueryBuilder('u').select('count(*)', 'n').where("u.mood = 'y'").getRawOne()).toEqual(
      { n: '1' },
    );
    await source.destroy();
  });

  it('Sequelize: sync, alter, includes, upsert', async () => {
    const { user: username, ...connection } = server.connection;
    const sequelize = new Sequelize({ dialect: 'postgres', ...connection, username, logging: false });
    const User = sequelize.define('sq_user', {
      name: { type: DataTypes.STRING, unique: true },
      mood: DataTypes.ENUM('a', 'b'),
      data: DataTypes.JSONB,
      tags: DataTypes.ARRAY(DataTypes.TEXT),
      n: DataTypes.DECIMAL(10, 2),
      r: DataTypes.RANGE(DataTypes.INTEGER),
    });
    const Post = sequelize.define('sq_post', { title: DataTypes.TEXT });
    User.hasMany(Post);
    Post.belongsTo(User);
    await sequelize.sync({ force: true });
    await sequelize.sync({ alter: true });
    const user = await User.create({ name: 'A', mood: 'a', data: { k: [1] }, tags: ['x'], n: '1.50', r: [1, 5] });
    await Post.bulkCreate([
      { title: 't', sqUserId: user.get('id') },
      { title: 'q', sqUserId: user.get('id') },
    ]);
    const found = await User.findAll({ include: Post, where: { tags: { [Op.contains]: ['x'] }, r: { [Op.contains]: 2 } } });
    expect(found.map((each) => [each.get('name'), each.get('n'), (each.get('sq_posts') as unknown[]).length])).toEqual([['A', '1.50', 2]]);
    await sequelize.transaction((transaction) => User.upsert({ id: user.get('id'), name: 'B' }, { transaction }));
    expect([await User.count(), (await User.findOne())?.get('name')]).toEqual([1, 'B']);
    expect(Object.keys(await sequelize.getQueryInterface().describeTable('sq_users'))).toContain('createdAt');
    await sequelize.close();
  });
});
