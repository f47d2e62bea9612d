FROM python:3.13-slim AS builder
WORKDIR /src
RUN python -m venv --without-pip /venv
# Dependencies first: they change seldom, so this layer is mostly taken from the cache.
COPY requirements/run.txt requirements/run.txt
RUN python -m pip --python /venv/bin/python install --no-cache-dir --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot/ bot/
COPY locales/ locales/
RUN python -m pip wheel --no-cache-dir --no-deps --wheel-dir /dist . \
 && python -m pip --python /venv/bin/python install --no-cache-dir --no-deps --no-index /dist/*.whl

FROM python:3.13-slim
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /data bot \
 && install --directory --mode=0700 --owner=bot --group=bot /data
COPY --from=builder /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data
USER 10001:10001
VOLUME /data
# The bot drains: it finishes what it has begun and then stops the embedded store.
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "-m", "bot"]
