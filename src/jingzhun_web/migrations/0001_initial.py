"""The first tables of the web application."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "username",
                    models.CharField(
                        max_length=30,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z][a-z0-9._-]{2,29}\\Z",
                                "A user name has 3 to 30 small letters, digits, dots, hyphens or underscores and begins with a letter.",
                            )
                        ],
                        verbose_name="User name",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[0-9+][0-9 -]{4,19}\\Z", "A telephone number has only digits, spaces and hyphens."
                            )
                        ],
                        verbose_name="Telephone",
                    ),
                ),
                (
                    "region_code",
                    models.CharField(
                        max_length=12,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[0-9]{12}\\Z", "The code of a division has 12 digits."
                            )
                        ],
                        verbose_name="Region",
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("password_is_temporary", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "Account",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["region_code", "id"], name="user_by_region")],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("sequence", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.CharField(max_length=40)),
                ("claimed_at", models.CharField(blank=True, max_length=40)),
                ("person_id", models.BigIntegerField(null=True)),
                ("person", models.CharField(max_length=150)),
                ("post", models.CharField(blank=True, max_length=200)),
                ("purpose", models.TextField(blank=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("change", "Change"), ("read", "Read"), ("event", "Event")], max_length=10
                    ),
                ),
                ("action", models.CharField(max_length=60)),
                ("object_type", models.CharField(blank=True, max_length=60)),
                ("object_id", models.CharField(blank=True, max_length=64)),
                ("region_code", models.CharField(blank=True, max_length=12)),
                ("detail", models.TextField(blank=True)),
                ("request_id", models.CharField(blank=True, max_length=64)),
                ("change_id", models.CharField(max_length=36, unique=True)),
                ("row_count", models.BigIntegerField()),
                ("rows_root", models.CharField(max_length=64)),
                ("algorithm", models.CharField(max_length=10)),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["object_type", "object_id", "sequence"], name="entry_by_object"),
                    models.Index(fields=["person_id", "sequence"], name="entry_by_person"),
                    models.Index(fields=["region_code", "sequence"], name="entry_by_region"),
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("change_id", models.CharField(max_length=36)),
                ("position", models.BigIntegerField()),
                ("object_type", models.CharField(max_length=60)),
                ("object_id", models.CharField(max_length=64)),
                ("region_code", models.CharField(blank=True, max_length=12)),
                ("before", models.TextField(blank=True)),
                ("after", models.TextField(blank=True)),
            ],
            options={
                "indexes": [models.Index(fields=["object_type", "object_id", "id"], name="row_by_object")],
                "constraints": [models.UniqueConstraint(fields=("change_id", "position"), name="row_of_change")],
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=60)),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "province"), (2, "prefecture"), (3, "county"), (4, "township"), (5, "village")]
                    ),
                ),
                ("path", models.CharField(max_length=80)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["path"], name="region_by_path")],
                "constraints": [models.UniqueConstraint(fields=("code", "valid_from"), name="region_from_a_day")],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("data_clerk", "Data clerk"),
                            ("village_secretary", "Village secretary"),
                            ("first_secretary", "First secretary"),
                            ("team_member", "Work-team member"),
                            ("helper", "Household helper"),
                            ("township_reviewer", "Township reviewer"),
                            ("township_approver", "Township approver"),
                            ("county_clerk", "County clerk"),
                            ("county_approver", "County approver"),
                            ("sector_department", "Sector department"),
                            ("supervision", "Supervision"),
                            ("evaluator", "Third-party evaluator"),
                            ("leader", "Leader"),
                            ("system_administrator", "System administrator"),
                            ("security_administrator", "Security administrator"),
                            ("audit_administrator", "Audit administrator"),
                        ],
                        max_length=30,
                        verbose_name="Post",
                    ),
                ),
                (
                    "region_code",
                    models.CharField(
                        max_length=12,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[0-9]{12}\\Z", "The code of a division has 12 digits."
                            )
                        ],
                        verbose_name="Region",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="From")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="Last day")),
                ("decided_at", models.DateTimeField(null=True)),
                ("confirmed", models.BooleanField(default=False)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="posts", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["person", "valid_from"], name="post_by_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="post_decided_by_a_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("person")), _negated=True),
                            _connector="OR",
                        ),
                        name="post_not_decided_by_its_holder",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="post_ends_after_it_begins",
                    ),
                ],
            },
        ),
    ]
