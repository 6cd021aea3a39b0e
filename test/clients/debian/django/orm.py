"""The ORM: aggregates, windows, JSON, arrays, full-text search, constraints, locks, transactions."""
import datetime as dt
import os
import sys
import uuid
from decimal import Decimal

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "project"), os.getcwd()]
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

import django
from django.core.management import call_command

django.setup()

from django.contrib.postgres.aggregates import ArrayAgg, BoolOr, JSONBAgg, StringAgg
from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector, TrigramSimilarity
from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.db.models import Avg, Case, Count, Exists, F, Max, OuterRef, Prefetch, ProtectedError, Q, StdDev, Subquery, Sum, Value, When, Window
from django.db.models.functions import Cast, Coalesce, Concat, ExtractYear, FirstValue, Greatest, JSONObject, Lag, Length, Lower, MD5, Now, Rank, RowNumber, TruncMonth, Upper
from library.models import Author, Book, Shelf, Writing

with open(os.devnull, "w") as nowhere:
    call_command("makemigrations", "library", stdout=nowhere)
    call_command("migrate", stdout=nowhere)

utc = dt.timezone.utc
root = Shelf.objects.create(code="root")
shelf = Shelf.objects.create(code="a", parent=root)
ann, bob = Author.objects.bulk_create([Author(name="Ann", born="1970-02-03"), Author(name="Bob")])
print(ann.pk, bob.pk)
for i in range(6):
    book = Book.objects.create(
        title=f"The book {i} of running cats", shelf=shelf if i % 2 else None, kind="NP"[i % 2], price=Decimal("10.50") * i, pages=100 * i, data={"i": i, "nested": {"list": [i, None]}, "s": "x" * i},
        tags=["even" if i % 2 == 0 else "odd", f"t{i}"], published=dt.datetime(2024, 1 + i, 15, 12, tzinfo=utc), lasts=dt.timedelta(days=i, seconds=1), isbn=uuid.UUID(int=i), cover=bytes([0, i, 255]),
        from_ip=f"10.0.0.{i}", ages=(i, i + 10), rating=i / 3, small=i, sold_at=dt.time(i, 30))
    Writing.objects.create(author=ann, book=book)
    if i > 3:
        book.authors.add(bob, through_defaults={"part": 2})
book = Book.objects.get(pk=2)
print([(f.name, getattr(book, f.name)) for f in Book._meta.concrete_fields if f.name != "cover"], bytes(book.cover))
print(list(Author.objects.annotate(n=Count("books"), total=Sum("books__price"), even=Count("books", filter=Q(books__kind="N"))).order_by("name").values_list("name", "n", "total", "even")))
print(Book.objects.aggregate(Avg("price"), Max("published"), StdDev("pages"), n=Count("shelf", distinct=True)))
print(Book.objects.aggregate(tags=ArrayAgg("kind", distinct=True), titles=StringAgg("kind", ",", ordering="-id"), some=BoolOr("active"), js=JSONBAgg("pages", ordering="pages")))
print(list(Book.objects.annotate(month=TruncMonth("published"), year=ExtractYear("published")).values("year").annotate(n=Count("id")).values_list("year", "n")))
print(list(Book.objects.annotate(rank=Window(Rank(), partition_by="kind", order_by=F("price").desc()), row=Window(RowNumber(), order_by=F("id").asc()), before=Window(Lag("title"), order_by=F("id").asc())).order_by("id").values_list("rank", "row", "before")))
print(list(Book.objects.annotate(size=Case(When(pages__gt=300, then=Value("big")), default=Value("small")), both=Concat(Upper("kind"), Value("-"), Cast("pages", models.TextField()), output_field=models.TextField()), hashed=MD5("title")).order_by("id").values_list("size", "both", "hashed")))
cheaper = Book.objects.filter(kind=OuterRef("kind"), price__lt=OuterRef("price")).order_by("-price")
print(list(Book.objects.annotate(next=Subquery(cheaper.values("pages")[:1])).filter(Exists(cheaper)).order_by("id").values_list("id", "next")))
print(list(Book.objects.filter(kind="N").union(Book.objects.filter(pages__gt=400)).order_by("id").values_list("id", flat=True)), Book.objects.filter(kind="N").difference(Book.objects.filter(id=1)).count())

print("JSON")
J = Book.objects.order_by("id")
for query in (dict(data__i=3), dict(data__i__gt=3), dict(data__nested__list__0=2), dict(data__nested__list__1=None), dict(data__nested__contains={"list": [4]}), dict(data__has_key="s"), dict(data__has_any_keys=["q", "i"]),
              dict(data__s__startswith="xx"), dict(data__contained_by={"i": 0, "nested": {"list": [0, None]}, "s": "", "more": 1}), dict(data__missing__isnull=True)):
    print(query, list(J.filter(**query).values_list("id", flat=True)))
print(list(J.annotate(o=JSONObject(t=Lower("kind"), p="pages")).values_list("o", "data__nested__list__0")[:2]))
print("arrays and ranges")
for query in (dict(tags__contains=["even"]), dict(tags__overlap=["t1", "t2"]), dict(tags__len=2), dict(tags__0="odd"), dict(tags__contained_by=["even", "t0", "t2"]), dict(tags__0_1=["odd"]),
              dict(ages__contains=12), dict(ages__overlap=(0, 2)), dict(ages__fully_gt=(0, 3)), dict(ages__startswith=3), dict(ages__isempty=False), dict(from_ip="10.0.0.3"), dict(published__year=2024, published__month__gte=5), dict(published__date="2024-02-15"),
              dict(published__time__gt="11:00"), dict(published__week_day=2), dict(title__iregex=r"BOOK [3-5]\s"), dict(title__icontains="CATS"), dict(title__iexact="the BOOK 1 of running cats"), dict(lasts__gt=dt.timedelta(days=3)), dict(pk__in=[1, 2, 99])):
    print(query, list(J.filter(**query).values_list("id", flat=True)))
print("search")
Book.objects.update(search=SearchVector("title", weight="A", config="english") + SearchVector("kind", weight="B", config="english"))
print(Book.objects.filter(search=SearchQuery("cat & run", search_type="raw", config="english")).count(), Book.objects.filter(title__search="running").count())
query = SearchQuery("cats", config="english") & ~SearchQuery("dogs", config="english")
print(list(Book.objects.annotate(rank=SearchRank(F("search"), query), line=SearchHeadline("title", query, config="english")).filter(search=query).order_by("id").values_list("rank", "line")[:2]))
connection.cursor().execute("CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent")
print(list(Author.objects.annotate(like=TrigramSimilarity("name", "Anne")).values_list("name", "like")), Author.objects.filter(name__unaccent="Ánn").count(), Author.objects.filter(name__trigram_similar="Anna").count())

print("loading")
from django.test.utils import CaptureQueriesContext
with CaptureQueriesContext(connection, ) as captured:
    print([(b.shelf and b.shelf.parent and b.shelf.parent.code, [a.name for a in b.authors.all()]) for b in Book.objects.select_related("shelf__parent").prefetch_related(Prefetch("authors", Author.objects.order_by("-name"))).order_by("id")], len(captured))
print(list(Book.objects.order_by("kind", "-price").distinct("kind").values_list("kind", "price")), list(Book.objects.dates("published", "month"))[:2], Book.objects.in_bulk([1, 2]).keys())
print(sum(1 for _ in Book.objects.iterator(chunk_size=2)), list(Book.objects.raw("SELECT id, title FROM library_book WHERE id = %s", [1]))[0].title, Book.objects.explain().startswith("Seq Scan"))
print(Book.objects.filter(kind="P").update(price=F("price") * 2, pages=Greatest("pages", Value(250))), Book.objects.bulk_update([Book(id=1, pages=7), Book(id=2, pages=8)], ["pages"]), list(Book.objects.order_by("id").values_list("price", "pages")))
print(Author.objects.get_or_create(name="Cid"), Author.objects.update_or_create(name="Cid", defaults={"born": "1999-09-09"}), Author.objects.bulk_create([Author(id=1, name="x")], ignore_conflicts=True))

print("constraints and transactions")


def attempt(what, action):
    try:
        with transaction.atomic():
            print(what, action())
    except (IntegrityError, ProtectedError, OperationalError, transaction.TransactionManagementError) as error:
        print(what, type(error).__name__, str(error).split("\n")[0])


attempt("check", lambda: Book.objects.create(title="c", price=-1))
attempt("unique", lambda: Book.objects.create(title=Book.objects.get(pk=1).title, price=1))
attempt("deferred", lambda: Book.objects.filter(pk=1).update(pages=400, title=Book.objects.get(pk=5).title, shelf=root))
attempt("protected", lambda: shelf.delete())
attempt("foreign key", lambda: Writing.objects.create(author_id=999, book_id=1))
attempt("cascade", lambda: ann.delete())
with transaction.atomic():
    sid = transaction.savepoint()
    Author.objects.all().delete()
    transaction.savepoint_rollback(sid)
    try:
        with transaction.atomic():
            Author.objects.create(id=2, name="again")
    except IntegrityError:
        print(Author.objects.count())
done = []
with transaction.atomic():
    transaction.on_commit(lambda: done.append("committed"))
    locked = Book.objects.select_for_update(nowait=True, of=("self",)).select_related("shelf").get(pk=1)
    with connection.copy().cursor() as other:
        other.execute("SET lock_timeout = '100ms'")
        for sql in ("SELECT id FROM library_book WHERE id = 1 FOR UPDATE NOWAIT", "UPDATE library_book SET pages = 0 WHERE id = 1"):
            try:
                other.execute(sql)
            except OperationalError as error:
                print(str(error).split("\n")[0])
        other.execute("SELECT id FROM library_book ORDER BY id LIMIT 2 FOR UPDATE SKIP LOCKED")
        print(other.fetchall())
print(done)
with connection.cursor() as cursor:
    cursor.execute("CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 2'")
    cursor.callproc("twice", [21])
    print(cursor.fetchone(), cursor.description[0].name)
    cursor.execute("SELECT %s, %s::date, %s", ["it's", dt.date(2024, 1, 1), [1, 2]])
    print(cursor.fetchone())
