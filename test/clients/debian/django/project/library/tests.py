from decimal import Decimal

from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.test import Client, TestCase, TransactionTestCase

from .models import Author, Book


class InTransaction(TestCase):
    fixtures = []

    @classmethod
    def setUpTestData(cls):
        cls.author = Author.objects.create(name="A")

    def test_one(self):
        Author.objects.create(name="B")
        self.assertEqual(Author.objects.count(), 2)

    def test_other_does_not_see_it(self):
        self.assertEqual(Author.objects.count(), 1)

    def test_database_is_its_own(self):
        self.assertTrue(connection.settings_dict["NAME"].startswith("test_"))

    def test_queries(self):
        with self.assertNumQueries(2):
            list(Author.objects.prefetch_related("books"))

    def test_integrity(self):
        with self.assertRaises(IntegrityError), transaction.atomic():
            Book.objects.create(title="x", price=Decimal(-1))

    def test_on_commit(self):
        with self.captureOnCommitCallbacks(execute=True) as callbacks:
            transaction.on_commit(lambda: None)
        self.assertEqual(len(callbacks), 1)

    def test_admin(self):
        User.objects.create_superuser("root", "r@example.com", "pw")
        client = Client()
        self.assertTrue(client.login(username="root", password="pw"))
        for page in ("/admin/", "/admin/auth/user/", "/admin/auth/user/add/", "/admin/auth/group/?q=x"):
            self.assertEqual(client.get(page).status_code, 200)
        client.post("/admin/auth/group/add/", {"name": "made there"})
        self.assertContains(client.get("/admin/auth/group/"), "made there")


class Flushed(TransactionTestCase):
    reset_sequences = True

    def test_first(self):
        self.assertEqual(Author.objects.create(name="A").pk, 1)

    def test_second(self):
        self.assertEqual(Author.objects.create(name="B").pk, 1)
