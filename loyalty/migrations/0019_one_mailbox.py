"""One mailbox is one person, also where an address was kept with a quoted name."""

from django.db import migrations, models

# By the rule of loyalty/email_address.py: quotes and backslashes off, then the tag, Gmail's dots.
_MAILBOX = """
  (SELECT CASE WHEN host IN ('gmail.com', 'googlemail.com')
               THEN replace(plain, '.', '') || '@gmail.com' ELSE plain || '@' || host END
     FROM (SELECT host, coalesce(nullif(split_part(name, '+', 1), ''), name) AS plain
             FROM (SELECT host, CASE WHEN said LIKE '"%' THEN
                            regexp_replace(substr(said, 2, length(said) - 2), '\\\\(.)', '\\1', 'g')
                          ELSE said END AS name
                     FROM (SELECT regexp_replace(email, '^.*@', '') AS host,
                                  regexp_replace(email, '@[^@]*$', '') AS said) a) b) c)
"""
_QUEUED = f"UPDATE loyalty_queuedsession SET mailbox = {_MAILBOX}"
_QUOTED = f"""UPDATE loyalty_customer SET mailbox = {_MAILBOX} WHERE email LIKE '"%'"""
# The oldest row's person is everybody's; whoever stands alone keeps what they have.
_PERSONS = """
UPDATE loyalty_customer k SET person = one.person
  FROM (SELECT mailbox, (array_agg(coalesce(person, id) ORDER BY created_at, id))[1] AS person
          FROM loyalty_customer WHERE mailbox <> ''
         GROUP BY mailbox HAVING count(DISTINCT coalesce(person, id)) > 1) one
 WHERE k.mailbox = one.mailbox AND k.person IS DISTINCT FROM one.person
"""
# What the person had once already stays counted for them. Of two presents for one occasion only
# one can be, and both stay on their cards.
_BONUSES = """
UPDATE loyalty_bonus b SET person = one.person
  FROM (SELECT DISTINCT ON (k.person, x.occasion) x.id, k.person
          FROM loyalty_bonus x JOIN loyalty_card c ON c.id = x.card_id
          JOIN loyalty_customer k ON k.id = c.customer_id
         WHERE x.occasion <> '' AND x.status <> 'void' AND x.person IS DISTINCT FROM k.person
           AND k.person IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM loyalty_bonus y WHERE y.person = k.person
                            AND y.occasion = x.occasion AND y.status <> 'void')
         ORDER BY k.person, x.occasion, x.id) one
 WHERE b.id = one.id
"""


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0018_reviewed_events")]

    operations = [
        migrations.AddField(
            "queuedsession", "mailbox", models.CharField(max_length=254, db_default="")
        ),
        migrations.AddIndex(
            "queuedsession", models.Index(fields=["mailbox"], name="queued_by_mailbox")
        ),
        migrations.RunSQL(_QUEUED, migrations.RunSQL.noop),
        migrations.RunSQL(_QUOTED, migrations.RunSQL.noop),
        migrations.RunSQL(_PERSONS, migrations.RunSQL.noop),
        migrations.RunSQL(_BONUSES, migrations.RunSQL.noop),
    ]
