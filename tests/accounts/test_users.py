import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User


@pytest.mark.django_db
def test_an_address_is_one_account_in_any_case() -> None:
    User.objects.create_user("alice@example.com", "password")

    with pytest.raises(IntegrityError), transaction.atomic():
        User(email="Alice@Example.com").save()

    assert User.objects.count() == 1


@pytest.mark.django_db
def test_a_form_refuses_the_address_in_another_case() -> None:
    User.objects.create_user("alice@example.com", "password")

    with pytest.raises(ValidationError) as refused:
        User(email="ALICE@EXAMPLE.COM", password="x").full_clean()

    assert "user_email_any_case" in str(refused.value)


@pytest.mark.django_db
def test_addresses_are_kept_in_small_letters() -> None:
    user = User.objects.create_user("  Alice@Example.COM ", "password")

    assert user.email == "alice@example.com"
    assert User.objects.get_by_natural_key("ALICE@example.com") == user


def test_a_user_needs_an_address() -> None:
    with pytest.raises(ValueError, match="e-mail"):
        User.objects.create_user("")


@pytest.mark.django_db
def test_a_user_without_a_password_cannot_sign_in() -> None:
    user = User.objects.create_user("alice@example.com")

    assert not user.has_usable_password()


@pytest.mark.django_db
def test_an_organisations_address_tells_nothing_about_it() -> None:
    first, second = (Organisation.objects.create(name="Teahouse Ltd") for _ in range(2))

    assert len(first.slug) == 12
    assert first.slug != second.slug


@pytest.mark.django_db
def test_permissions_are_those_of_djangos_backends_in_one_query(
    alice: User, charlie: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    alone = Permission.objects.exclude(group__user=alice).order_by("pk")[0]
    alice.user_permissions.add(alone)

    for user in (alice, charlie):
        again = User.objects.get(pk=user.pk)
        with django_assert_num_queries(1):
            allowed = again.has_perm("wagtailadmin.access_admin")
        assert allowed is (user == alice)
        assert again.permissions == User.objects.get(pk=user.pk).get_all_permissions()
    assert f"{alone.content_type.app_label}.{alone.codename}" in User.objects.get(pk=alice.pk).permissions


def test_those_switched_off_may_nothing_and_the_operator_everything() -> None:
    assert not User(pk=1, is_active=False, is_superuser=True).has_perm("wagtailadmin.access_admin")
    assert User(pk=1, is_superuser=True).has_perm("wagtailadmin.access_admin", obj=object())
