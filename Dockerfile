FROM python:3.13-slim-bookworm AS builder
WORKDIR /src
# Nothing is compiled here: what has no wheel for this platform fails the build.
ENV PIP_ONLY_BINARY=:all: \
    PIP_NO_CACHE_DIR=1 \
    PIP_NO_COMPILE=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv --without-pip /venv
# Dependencies first: they change seldom, so these layers are mostly taken from the cache.
COPY requirements/build.txt requirements/run.txt requirements/
RUN python -m pip install --require-hashes -r requirements/build.txt \
 && python -m pip --python /venv/bin/python install --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot/ bot/
COPY locales/ locales/
# Compiled once and for all: the container can write no byte code, whatever the files' times are.
RUN python -m pip wheel --no-build-isolation --no-deps --no-index --wheel-dir /dist . \
 && python -m pip --python /venv/bin/python install --no-deps --no-index /dist/*.whl \
 && /venv/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /venv/lib

FROM python:3.13-slim-bookworm
LABEL org.opencontainers.image.title="invoice-bot" \
      org.opencontainers.image.description="A Telegram bot that issues CryptoCloud invoices" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT"
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent \
      --shell /usr/sbin/nologin bot \
 && install --directory --mode=0700 --owner=bot --group=bot /data
COPY --from=builder /venv /venv
# Written are DATA_DIR and temporary files, and nothing else: the root file system may be read-only.
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONSAFEPATH=1 \
    DATA_DIR=/data \
    HTTP_HOST=0.0.0.0
USER 10001:10001
VOLUME /data
EXPOSE 8080
# The bot drains: it finishes what it has begun and then stops the embedded store.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-m", "bot", "health"]
ENTRYPOINT ["python", "-m", "bot"]
