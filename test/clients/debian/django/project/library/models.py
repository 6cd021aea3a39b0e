from django.contrib.auth.models import User
from django.contrib.postgres.fields import ArrayField, IntegerRangeField
from django.contrib.postgres.indexes import BrinIndex, GinIndex, HashIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class Author(models.Model):
    name = models.CharField(max_length=100, db_index=True)
    born = models.DateField(null=True, blank=True)
    user = models.OneToOneField(User, null=True, on_delete=models.SET_NULL)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Shelf(models.Model):
    code = models.SlugField(primary_key=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="children")


class Book(models.Model):
    class Kind(models.TextChoices):
        NOVEL = "N"
        POEMS = "P"

    title = models.CharField(max_length=200)
    authors = models.ManyToManyField(Author, related_name="books", through="Writing")
    shelf = models.ForeignKey(Shelf, null=True, on_delete=models.PROTECT)
    kind = models.CharField(max_length=1, choices=Kind.choices, default=Kind.NOVEL)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    pages = models.PositiveIntegerField(default=0)
    data = models.JSONField(default=dict)
    tags = ArrayField(models.CharField(max_length=20), default=list)
    search = SearchVectorField(null=True)
    published = models.DateTimeField(null=True)
    lasts = models.DurationField(null=True)
    isbn = models.UUIDField(null=True, unique=True)
    cover = models.BinaryField(null=True)
    from_ip = models.GenericIPAddressField(null=True)
    ages = IntegerRangeField(null=True)
    rating = models.FloatField(null=True)
    small = models.SmallIntegerField(null=True)
    sold_at = models.TimeField(null=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(check=Q(price__gte=0), name="price_not_negative"),
            models.UniqueConstraint(fields=["title", "shelf"], name="title_on_shelf"),
            models.UniqueConstraint(fields=["title"], condition=Q(shelf=None), name="title_without_shelf", include=["price"]),
            models.UniqueConstraint(fields=["pages", "kind", "title"], name="deferred", deferrable=models.Deferrable.DEFERRED),
        ]
        indexes = [
            GinIndex(fields=["tags"], name="by_tags"),
            GinIndex(fields=["search"], name="by_search"),
            BrinIndex(fields=["published"], name="by_published"),
            HashIndex(fields=["isbn"], name="by_isbn"),
            models.Index(Lower("title").desc(), "kind", name="by_title"),
            models.Index(fields=["-price"], name="cheap", condition=Q(price__lt=10)),
        ]


class Writing(models.Model):
    author = models.ForeignKey(Author, on_delete=models.CASCADE)
    book = models.ForeignKey(Book, on_delete=models.CASCADE)
    part = models.IntegerField(default=1)

    class Meta:
        unique_together = [("author", "book")]
