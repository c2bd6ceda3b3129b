from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('loyalty', '0008_seals'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='bonus',
            index=models.Index(condition=models.Q(('expires_at__isnull', False), ('status', 'waiting')), fields=['expires_at'], name='bonus_by_end'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('kind', 'absent')), fields=['id'], name='event_absent'),
        ),
    ]
