"""The asynchronous engine over asyncpg: Core, ORM, streams, and reflection."""
import asyncio
import os

from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, func, inspect, select, text
from sqlalchemy.dialects.postgresql import ARRAY, INT4RANGE, JSONB, UUID, insert
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, relationship, selectinload

Base = declarative_base()


class Parent(Base):
    __tablename__ = "parent"
    id = Column(Integer, primary_key=True)
    name = Column(String, unique=True)
    data = Column(JSONB)
    tags = Column(ARRAY(String))
    children = relationship("Child", order_by="Child.id")


class Child(Base):
    __tablename__ = "child"
    id = Column(Integer, primary_key=True)
    parent_id = Column(ForeignKey("parent.id"))


async def main():
    e = os.environ
    engine = create_async_engine(f"postgresql+asyncpg://{e['PGUSER']}:{e['PGPASSWORD']}@{e['PGHOST']}:{e['PGPORT']}/{e['PGDATABASE']}")
    async with engine.begin() as conn:
        await conn.run_sync(Base.metadata.create_all)
    async with AsyncSession(engine, expire_on_commit=False) as session:
        session.add_all([Parent(name=f"p{i}", data={"i": i}, tags=["a", f"t{i}"], children=[Child() for _ in range(i)]) for i in range(4)])
        await session.commit()
        found = (await session.scalars(select(Parent).options(selectinload(Parent.children)).order_by(Parent.id))).all()
        print([(p.id, p.name, p.data, p.tags, [c.id for c in p.children]) for p in found])
        try:
            session.add(Parent(name="p1"))
            await session.commit()
        except IntegrityError as error:
            print(error.orig.pgcode)
            await session.rollback()
        statement = insert(Parent).values(name="p1", tags=["new"])
        statement = statement.on_conflict_do_update(index_elements=["name"], set_={"tags": statement.excluded.tags}).returning(Parent.id, Parent.tags)
        print((await session.execute(statement)).all())
        result = await session.stream(select(Parent.name).order_by(Parent.id).execution_options(yield_per=2))
        print([row.name async for row in result])
        print(await session.scalar(select(func.count()).where(Parent.data["i"].as_integer() > 1)))
        await session.commit()
    async with engine.connect() as conn:
        print(await conn.run_sync(lambda sync: [(c["name"], str(c["type"])) for c in inspect(sync).get_columns("parent")]))
        print(await conn.run_sync(lambda sync: (inspect(sync).get_indexes("parent"), inspect(sync).get_foreign_keys("child"))))
        await conn.rollback()
        await conn.execution_options(isolation_level="AUTOCOMMIT")
        await conn.execute(text("VACUUM parent"))
    async with engine.begin() as conn:
        await conn.run_sync(Base.metadata.drop_all)
    await engine.dispose()


asyncio.run(main())
