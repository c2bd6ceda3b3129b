from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('loyalty', '0011_staff_cap_above_zero'),
    ]

    operations = [
        migrations.AddField(
            model_name='card',
            name='activity',
            field=models.JSONField(null=True),
        ),
    ]
