"""The ORM: relationships, loading strategies, upserts, RETURNING, JSONB, arrays, ranges, identity and computed columns."""
import datetime as dt
import enum
import uuid

from psycopg2.extras import DateTimeRange, NumericRange
from sqlalchemy import (CheckConstraint, Column, Computed, Date, Enum, ForeignKey, Identity, Integer, LargeBinary, Numeric, Sequence, String, Table, Text, and_, case, cast, create_engine, delete, event,
                        exists, extract, func, insert, lateral, literal, or_, select, text, true, tuple_, update)
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session, aliased, contains_eager, declarative_base, joinedload, relationship, selectinload, subqueryload, with_polymorphic
from sqlalchemy.orm.exc import StaleDataError

Base = declarative_base()


class Mood(enum.Enum):
    sad = 1
    ok = 2


tagging = Table("tagging", Base.metadata, Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), primary_key=True), Column("tag_id", ForeignKey("tag.id"), primary_key=True))


class Tag(Base):
    __tablename__ = "tag"
    id = Column(Integer, Identity(always=True, start=100), primary_key=True)
    name = Column(String(20), unique=True, nullable=False)


class Person(Base):
    __tablename__ = "person"
    __table_args__ = (CheckConstraint("length(name) > 0", name="named"), {"comment": "people"})
    id = Column(Integer, primary_key=True)
    kind = Column(String(10), nullable=False)
    name = Column(Text, nullable=False, index=True)
    mood = Column(Enum(Mood), server_default="ok")
    data = Column(pg.JSONB, server_default="{}")
    numbers = Column(pg.ARRAY(Integer))
    during = Column(pg.TSRANGE)
    amount = Column(Numeric(12, 2))
    doubled = Column(Numeric(12, 2), Computed("amount * 2"))
    key = Column(pg.UUID(as_uuid=True), default=lambda: uuid.UUID(int=7))
    blob = Column(LargeBinary)
    at = Column(pg.TIMESTAMP(timezone=True), server_default=text("'2024-01-01 00:00:00+00'"))
    version = Column(Integer, nullable=False)
    boss_id = Column(ForeignKey("person.id"))
    boss = relationship("Person", remote_side=[id], backref="staff")
    tags = relationship(Tag, secondary=tagging, order_by=Tag.name, backref="people")
    addresses = relationship("Address", back_populates="person", cascade="all, delete-orphan", order_by="Address.id")
    __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "person", "version_id_col": version}


class Manager(Person):
    __tablename__ = "manager"
    id = Column(ForeignKey("person.id"), primary_key=True)
    car = Column(String)
    __mapper_args__ = {"polymorphic_identity": "manager"}


class Address(Base):
    __tablename__ = "address"
    id = Column(Integer, Sequence("address_seq", start=1000, increment=10), primary_key=True)
    person_id = Column(ForeignKey("person.id"), nullable=False)
    city = Column(String)
    person = relationship(Person, back_populates="addresses")


engine = create_engine("postgresql+psycopg2://", future=True)
Base.metadata.create_all(engine)
Base.metadata.create_all(engine)

with Session(engine) as session:
    red, blue = Tag(name="red"), Tag(name="blue")
    boss = Manager(name="Ann", car="fast", amount=10, numbers=[1, 2, 3], data={"a": [1, {"b": None}], "n": 1.5}, mood=Mood.sad, blob=b"\x00\xff", tags=[red, blue])
    staff = [Person(name=f"P{i}", boss=boss, amount=i, numbers=[i], data={"i": i}, during=DateTimeRange(dt.datetime(2024, 1, i + 1), None), tags=[red] if i % 2 else []) for i in range(5)]
    staff[0].addresses = [Address(city="Rome"), Address(city="Oslo")]
    session.add_all([boss, *staff])
    session.commit()
    print(boss.id, boss.doubled, boss.key, boss.at, boss.version, boss.mood, boss.data, [t.id for t in boss.tags], [a.id for a in staff[0].addresses], staff[1].during)

    for load in (joinedload, selectinload, subqueryload):
        people = session.scalars(select(Person).options(load(Person.tags), load(Person.addresses), load(Person.boss)).order_by(Person.id)).unique().all()
        print(load.__name__, [(type(p).__name__, p.name, [t.name for t in p.tags], [a.city for a in p.addresses], p.boss and p.boss.name) for p in people])
    both = with_polymorphic(Person, "*")
    print(session.execute(select(both.name, both.Manager.car).order_by(both.id)).all())
    print(session.scalars(select(Person).join(Person.tags).where(Tag.name == "blue").options(contains_eager(Person.tags))).unique().one().name)

    staff[0].name = "changed"
    staff[0].addresses.pop(0)
    boss.tags.remove(blue)
    session.commit()
    session.expire_all()
    print(staff[0].name, staff[0].version, [a.city for a in staff[0].addresses], [t.name for t in boss.tags])
    with Session(engine) as other:
        other.get(Person, boss.id).name = "Bea"
        other.commit()
    try:
        boss.version
        with Session(engine) as other:
            mine = other.get(Person, boss.id)
            session.execute(text("UPDATE person SET version = version + 1 WHERE id = :id"), {"id": boss.id})
            session.commit()
            mine.name = "too late"
            other.commit()
    except StaleDataError as error:
        print("stale:", str(error).split(";")[0])
    try:
        with session.begin_nested():
            session.add(Tag(name="red"))
    except IntegrityError as error:
        print(error.orig.pgcode, error.orig.diag.constraint_name)
    session.rollback()

    print("JSONB, arrays, ranges")
    P = Person
    print(session.execute(select(P.data["i"].as_integer(), P.data["i"].astext, P.data[("a", 1)], P.data.has_key("i"), P.data.contains({"i": 1})).order_by(P.id)).all())
    print(session.execute(select(P.name).where(P.numbers.any(2) | P.numbers.contains([4])).order_by(P.name)).all())
    print(session.execute(select(P.numbers[1], P.numbers[2:3], func.cardinality(P.numbers), func.unnest(P.numbers)).where(P.id == boss.id)).all())
    print(session.execute(select(P.name).where(P.during.contains(dt.datetime(2024, 1, 3))).order_by(P.name)).all(), session.scalar(select(cast(NumericRange(1, 5), pg.INT4RANGE).op("*")(NumericRange(3, 9)))))
    print(session.execute(select(func.jsonb_build_object("k", P.name, "t", pg.array_agg(Tag.name)), func.string_agg(Tag.name, ",")).join(P.tags).group_by(P.id).order_by(P.id)).all())

    print("upserts and RETURNING")
    upsert = pg.insert(Tag).values([{"name": "red"}, {"name": "green"}])
    upsert = upsert.on_conflict_do_update(index_elements=[Tag.name], set_={"name": upsert.excluded.name + "!"}, where=Tag.id > 0).returning(Tag.name)
    print(sorted(session.scalars(upsert)))
    print(session.execute(pg.insert(Tag).values(name="green").on_conflict_do_nothing(constraint="tag_name_key").returning(Tag.id)).all())
    print(session.execute(update(P).where(P.name.like("P%")).values(amount=P.amount + 100, data=func.jsonb_set(P.data, "{x}", '"y"')).returning(P.name, P.doubled, P.data).execution_options(synchronize_session=False)).all())
    print(session.execute(update(P).where(P.id == Address.person_id).values(name=Address.city).returning(P.name).execution_options(synchronize_session=False)).all())
    print(sorted(session.execute(delete(tagging).where(tagging.c.tag_id.in_(select(Tag.id).where(Tag.name == "red!"))).returning(tagging.c.person_id)).all()))
    session.rollback()

    print("queries")
    tree = select(P.id, P.name, literal(0).label("depth")).where(P.boss_id.is_(None)).cte("tree", recursive=True)
    tree = tree.union_all(select(P.id, P.name, tree.c.depth + 1).join(tree, P.boss_id == tree.c.id))
    print(session.execute(select(tree).order_by(tree.c.depth, tree.c.id)).all())
    print(session.execute(select(P.name, func.rank().over(order_by=P.amount.desc(), partition_by=P.boss_id), func.sum(P.amount).over(order_by=P.id, rows=(None, 0))).order_by(P.id)).all())
    last = select(Address.city).where(Address.person_id == P.id).order_by(Address.id.desc()).limit(1).lateral("last")
    print(session.execute(select(P.name, last.c.city).outerjoin(last, true()).order_by(P.id)).all())
    print(session.execute(select(func.count(), func.count().filter(P.amount > 2), func.percentile_cont(0.5).within_group(P.amount), func.max(P.at)).select_from(P)).one())
    print(session.execute(select(case((P.amount > 2, "much"), else_="little"), func.count()).group_by(func.rollup(case((P.amount > 2, "much"), else_="little"))).order_by(func.count())).all())
    print(session.scalars(select(P.name).where(tuple_(P.id, P.name).in_([(boss.id, boss.name), (2, "x")]), exists().where(tagging.c.person_id == P.id))).all())
    print(session.scalars(select(P.name).order_by(P.id).offset(1).limit(2).with_for_update(skip_locked=True, of=P)).all())
    print(session.scalars(select(P.name).distinct(P.boss_id).order_by(P.boss_id, P.id)).all(), session.scalar(select(extract("year", P.at)).limit(1)), session.scalar(select(func.now()) ) is not None)
    values = select(func.json_populate_recordset(text("NULL::tag"), '[{"id": 1, "name": "q"}]'))
    print(session.execute(values).all())
    with engine.connect().execution_options(stream_results=True, max_row_buffer=3) as conn:
        print(sum(row[0] for row in conn.execute(select(func.generate_series(1, 100)))))
    with engine.connect().execution_options(isolation_level="SERIALIZABLE") as conn:
        print(conn.scalar(text("SHOW transaction_isolation")), conn.get_isolation_level())
    with engine.connect() as conn:
        two_phase = conn.begin_twophase("phase two")
        conn.execute(insert(Tag).values(name="two"))
        two_phase.prepare()
        print(conn.recover_twophase() if hasattr(conn, "recover_twophase") else "prepared")
        two_phase.commit()
    print(session.scalar(select(func.count()).select_from(Tag)))
    session.delete(staff[0])
    session.commit()
    print(session.scalar(select(func.count()).select_from(Person)))

Base.metadata.drop_all(engine)
