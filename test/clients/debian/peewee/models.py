"""peewee: models, the introspector, migrations by playhouse, JSON, arrays, full-text search, upserts, transactions."""
import datetime as dt
import os
from decimal import Decimal

from peewee import *
from playhouse.migrate import PostgresqlMigrator, migrate
from playhouse.postgres_ext import ArrayField, BinaryJSONField, DateTimeTZField, IntervalField, Match, PostgresqlExtDatabase, TSVectorField
from playhouse.reflection import Introspector, print_model

db = PostgresqlExtDatabase(os.environ["PGDATABASE"])


class Model_(Model):
    class Meta:
        database = db


class Person(Model_):
    name = CharField(max_length=40, unique=True)
    born = DateField(null=True)
    boss = ForeignKeyField("self", null=True, backref="staff", on_delete="SET NULL")


class Post(Model_):
    person = ForeignKeyField(Person, backref="posts", on_delete="CASCADE")
    title = TextField(index=True)
    data = BinaryJSONField(default=dict)
    tags = ArrayField(TextField, default=list)
    search = TSVectorField(null=True)
    at = DateTimeTZField(null=True)
    lasts = IntervalField(null=True)
    price = DecimalField(10, 2, default=0)
    raw = BlobField(null=True)
    key = UUIDField(null=True)

    class Meta:
        indexes = ((("person", "title"), True),)
        constraints = [Check("price >= 0")]


db.connect()
db.create_tables([Person, Post])
db.create_tables([Person, Post])
ann = Person.create(name="Ann", born=dt.date(1970, 1, 2))
bob = Person.create(name="Bob", boss=ann)
with db.atomic():
    Post.insert_many([{"person": ann if i % 2 else bob, "title": f"title {i}", "data": {"i": i, "l": [i]}, "tags": ["t", str(i)], "at": dt.datetime(2024, 1, 1 + i, tzinfo=dt.timezone.utc), "lasts": dt.timedelta(hours=i), "price": Decimal(i), "raw": bytes([i])} for i in range(6)]).execute()
Post.update(search=fn.to_tsvector("english", Post.title)).execute()
post = Post.get(Post.title == "title 3")
print(post.person.name, post.data, post.tags, post.at.astimezone(dt.timezone.utc), post.lasts, post.price, bytes(post.raw))
print([(p.name, p.n) for p in Person.select(Person, fn.COUNT(Post.id).alias("n")).join(Post, JOIN.LEFT_OUTER).group_by(Person).order_by(Person.name)])
print([p.title for p in Post.select().where(Post.tags.contains("4") | Post.data.contains({"i": 5})).order_by(Post.id)], Post.select().where(Match(Post.title, "titles")).count(), Post.select().where(Post.search.match("titled")).count())
print([p.title for p in prefetch(Person.select().order_by(Person.id), Post.select().order_by(Post.id))[0].posts])
print(list(Post.select(Post.title, fn.RANK().over(partition_by=[Post.person], order_by=[Post.price.desc()]).alias("rank")).order_by(Post.id).tuples()))
base = Person.select(Person.id, Person.name, Value(0).alias("depth")).where(Person.boss.is_null()).cte("tree", recursive=True)
tree = base.union_all(Person.select(Person.id, Person.name, (base.c.depth + 1)).join(base, on=Person.boss == base.c.id))
print(list(tree.select_from(tree.c.name, tree.c.depth).order_by(tree.c.depth).tuples()))
print(list(Person.insert(name="Ann", born=dt.date(2000, 1, 1)).on_conflict(conflict_target=[Person.name], update={Person.born: EXCLUDED.born}).returning(Person.id, Person.born).execute()))
print(Person.insert(name="Ann").on_conflict_ignore().execute(), list(Post.update(price=Post.price + 1).where(Post.price > 3).returning(Post.price).tuples().execute()), Post.delete().where(Post.title == "title 0").execute())
for what in (lambda: Person.create(name="Ann"), lambda: Post.create(person=99, title="x"), lambda: Post.create(person=ann, title="y", price=-1)):
    try:
        with db.atomic():
            what()
    except IntegrityError as error:
        print(str(error).split("\n")[0])
with db.atomic() as outer:
    with db.savepoint() as point:
        Post.delete().execute()
        point.rollback()
    print(Post.select().count())
    outer.rollback()
print(db.get_tables(), db.get_indexes("post"), db.get_primary_keys("post"), db.get_foreign_keys("post"), sep="\n")
print(*db.get_columns("post"), sep="\n")
migrator = PostgresqlMigrator(db)
with db.atomic():
    migrate(migrator.add_column("person", "rank", IntegerField(default=5)), migrator.rename_column("person", "born", "birthday"), migrator.drop_not_null("post", "title"), migrator.alter_column_type("post", "price", BigIntegerField()),
            migrator.drop_index("post", "post_person_id_title"), migrator.add_index("post", ("title", "price"), False), migrator.rename_table("post", "entry"), migrator.drop_column("entry", "raw"))
for name, model in sorted(Introspector.from_database(db).generate_models(table_names=["person", "entry"]).items()):
    print_model(model)
db.drop_tables([Person], cascade=True)
