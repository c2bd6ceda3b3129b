from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('loyalty', '0012_devices'),
    ]

    operations = [
        migrations.AddField(
            model_name='card',
            name='activity',
            field=models.JSONField(null=True),
        ),
        # Rows that each visit writes anew: beside the old one there is room for the new one, and
        # no index has to be told.
        migrations.RunSQL(
            'ALTER TABLE loyalty_card SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05)',
            'ALTER TABLE loyalty_card RESET (fillfactor, autovacuum_vacuum_scale_factor)',
        ),
        migrations.RunSQL(
            'ALTER TABLE loyalty_counter'
            ' SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05)',
            'ALTER TABLE loyalty_counter RESET (fillfactor, autovacuum_vacuum_scale_factor)',
        ),
    ]
