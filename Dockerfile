# Three images of one build: `packages` and `code` are steps, `service` runs web, worker and schedule, `front` is nginx.
ARG PYTHON=3.12-slim-bookworm

FROM python:${PYTHON} AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /opt/menusite
COPY requirements.txt deploy/requirements-s3.txt ./
RUN python -m venv .venv \
    && .venv/bin/pip install --no-deps --requirement requirements.txt --requirement requirements-s3.txt \
    && .venv/bin/pip uninstall --yes pip setuptools

FROM python:${PYTHON} AS code
WORKDIR /opt/menusite
COPY --from=packages /opt/menusite/.venv .venv
COPY manage.py LICENSE ./
COPY accounts accounts
COPY menu_pages menu_pages
COPY orders orders
COPY analytics analytics
COPY menusite menusite
COPY templates templates
COPY static static
COPY locale locale
# Collecting signs nothing: the key is of this line alone, and so is the folder.
RUN .venv/bin/python -m compileall -q accounts menu_pages orders analytics menusite \
    && .venv/bin/python -m menusite.translations \
    && SECRET_KEY=needed-to-start-and-used-for-nothing-here VAR_DIR=/tmp/var STATIC_ROOT=/opt/static \
       .venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf /tmp/var

FROM python:${PYTHON} AS service
RUN groupadd --gid 10001 menusite \
    && useradd --uid 10001 --gid 10001 --home-dir /var/lib/menusite --shell /usr/sbin/nologin menusite \
    && install -d -o menusite -g menusite /var/lib/menusite /var/lib/menusite/media
WORKDIR /opt/menusite
COPY --from=code /opt/menusite /opt/menusite
COPY --from=code /opt/static /opt/static
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    VAR_DIR=/var/lib/menusite MEDIA_ROOT=/var/lib/menusite/media STATIC_ROOT=/opt/static \
    GRANIAN_WORKERS=2 GRANIAN_BLOCKING_THREADS=4
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=8s --start-period=60s --retries=3 \
    CMD ["/opt/menusite/.venv/bin/python", "-m", "menusite.answering", "8000"]
STOPSIGNAL SIGTERM
CMD ["/opt/menusite/.venv/bin/python", "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws", "--host", "0.0.0.0", "--port", "8000", "--respawn-failed-workers", "--workers-kill-timeout", "30", "--log-level", "warning", "menusite.wsgi:application"]

FROM debian:bookworm-slim AS front
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libnginx-mod-http-brotli-static nginx \
    && rm -rf /var/lib/apt/lists/* /var/www/html \
    && ln -sf /dev/stdout /var/log/nginx/access.log \
    && ln -sf /dev/stderr /var/log/nginx/error.log
COPY deploy/nginx/nginx.conf /etc/nginx/nginx.conf
COPY deploy/nginx/menusite /etc/nginx/menusite
COPY --from=code /opt/static /var/lib/menusite/static
RUN printf 'server web:8000 max_fails=0;\n' >/etc/nginx/menusite/upstream.conf
ENV DOMAIN=menu.example.org
USER www-data
EXPOSE 80 443
HEALTHCHECK --interval=10s --timeout=3s --retries=3 CMD ["/usr/bin/test", "-s", "/run/nginx.pid"]
STOPSIGNAL SIGQUIT
CMD ["/bin/sh", "-c", "sed \"s/menu\\.example\\.org/$DOMAIN/g\" /etc/nginx/nginx.conf >/run/nginx.conf && exec nginx -c /run/nginx.conf -g 'daemon off;'"]
