# The station in a container; see compose.yaml for the city set-up. Data lives in /data.
FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv \
      tesseract-ocr tesseract-ocr-vie poppler-utils fonts-dejavu-core postgresql-client \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements-tools.lock requirements-city.lock ./
RUN python3 -m venv .tools && .tools/bin/pip install -q --require-hashes -r requirements-tools.lock \
    && .tools/bin/uv venv -q .venv && VIRTUAL_ENV=/app/.venv .tools/bin/uv pip sync -q --require-hashes requirements-city.lock
COPY . .
RUN VIRTUAL_ENV=/app/.venv .tools/bin/uv pip install -q --no-deps --no-build-isolation --offline -e . \
    && useradd --create-home station && mkdir /data && chown station /data
USER station
ENV LUUTRU_HOME=/data PATH=/app/.venv/bin:$PATH
VOLUME /data
CMD ["luutru", "serve"]
