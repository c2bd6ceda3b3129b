// Starts GraphiQL against this host, as the person whose cookie the browser sends.
const place = document.getElementById("graphiql");

function request(address, params, options, accept) {
  return fetch(address, {
    method: "POST",
    credentials: "same-origin",
    headers: {
      Accept: accept,
      "Content-Type": "application/json",
      "X-CSRFToken": place.dataset.csrf,
      ...options?.headers,
    },
    body: JSON.stringify(params),
  });
}

function subscribes(params, options) {
  const operations = (options?.documentAST?.definitions ?? []).filter(
    (definition) => definition.kind === "OperationDefinition",
  );
  const chosen = operations.find((operation) => operation.name?.value === params.operationName);
  return (chosen ?? operations[0])?.operation === "subscription";
}

// Server-sent events: blocks of "event:" and "data:" lines, each ended by an empty line.
async function* stream(params, options) {
  const response = await request("/graphql/stream", params, options, "text/event-stream");
  if (!response.ok || !response.body) {
    throw new Error(await response.text());
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    yield* events(reader);
  } finally {
    await reader.cancel();
  }
}

async function* events(reader) {
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).replaceAll("\r\n", "\n").split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const lines = block.split("\n");
      if (lines.includes("event: complete")) return;
      const data = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5));
      if (data.join("").trim()) yield JSON.parse(data.join("\n"));
    }
  }
}

async function fetcher(params, options) {
  if (subscribes(params, options)) return stream(params, options);
  const accept = "application/graphql-response+json, application/json";
  const response = await request("/graphql", params, options, accept);
  return response.json();
}

const { GraphiQL, React, ReactDOM } = window;
ReactDOM.createRoot(place).render(
  React.createElement(GraphiQL, { fetcher, defaultQuery: place.dataset.example, shouldPersistHeaders: false }),
);
