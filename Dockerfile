# The site under gunicorn, as a user without rights. Files that people upload are kept in
# /srv/reviewhub/files: mount a volume there. Everything else in the image may be read-only.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/srv/reviewhub

RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin reviewhub \
    && install -d /app /srv/reviewhub/static \
    && install -d -m 0750 -o reviewhub -g reviewhub \
        /srv/reviewhub/files /srv/reviewhub/copies /srv/reviewhub/dumps

WORKDIR /app

# Before the code, so that a change of code does not install everything again.
# docker build --build-arg REQUIREMENTS=s3 adds what files on S3 need.
COPY requirements requirements
ARG REQUIREMENTS=runtime
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/$REQUIREMENTS.txt

COPY . .

# Settings refuse to start without a key, a host and a database; these are thrown away.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
    ALLOWED_HOSTS=image.invalid DATABASE_URL=postgresql://image.invalid/none \
    python manage.py collectstatic --noinput

USER reviewhub
EXPOSE 8000
CMD ["gunicorn", "--config", "python:reviewhub.gunicorn", "reviewhub.wsgi"]
