// The AI SDK over one of its providers, named by the first argument: `generateText` and `streamText`. What loop.py says of lines holds here.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

// The packages are looked for where the process was started: this script lies elsewhere.
const require = createRequire(pathToFileURL(`${process.cwd()}/package.json`));
const load = (name) => import(pathToFileURL(require.resolve(name)));
const { generateText, streamText, tool, jsonSchema, Output } = await load("ai");

// Each provider's package, and how a case becomes its models.
const providers = {
  openai: ["openai", (made, { url, ...settings }) => made.createOpenAI({ baseURL: url, ...settings })],
  "openai-chat": ["openai", (made, { url, ...settings }) => made.createOpenAI({ baseURL: url, ...settings }).chat],
  "openai-compatible": [
    "openai-compatible",
    (made, { url, ...settings }) =>
      made.createOpenAICompatible({ name: "any", baseURL: url, ...settings, includeUsage: true, supportsStructuredOutputs: true }),
  ],
  groq: ["groq", (made, { url, ...settings }) => made.createGroq({ baseURL: url, ...settings })],
  mistral: ["mistral", (made, { url, ...settings }) => made.createMistral({ baseURL: url, ...settings })],
  anthropic: ["anthropic", (made, { url, ...settings }) => made.createAnthropic({ baseURL: url, ...settings })],
  google: ["google", (made, { url, ...settings }) => made.createGoogle({ baseURL: url, ...settings })],
  "amazon-bedrock": [
    "amazon-bedrock",
    (made, { url, ...settings }) => made.createAmazonBedrock({ baseURL: url, ...settings, region: "us-east-1" }),
  ],
  cohere: ["cohere", (made, { url, ...settings }) => made.createCohere({ baseURL: `${url}/v2`, ...settings })],
};
const [name, providerOf] = providers[process.argv[2]];
const made = await load(`@ai-sdk/${name}`);

// The members of a chat request, in the AI SDK's words.
const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
const choices = (value) =>
  typeof value === "string" ? { toolChoice: value } : { toolChoice: { type: "tool", toolName: value.function.name } };
const formats = {
  text: () => ({}),
  json_object: () => ({ output: Output.json() }),
  json_schema: ({ json_schema }) => ({ output: Output.object({ schema: jsonSchema(json_schema.schema), name: json_schema.name }) }),
};
const words = {
  tools: (value) => ({
    tools: Object.fromEntries(
      value.map(({ function: { name, description, parameters, strict } }) => [
        name,
        tool({ description, inputSchema: jsonSchema(parameters ?? { type: "object", properties: {} }), strict }),
      ]),
    ),
  }),
  tool_choice: choices,
  response_format: (value) => formats[value.type](value),
  max_tokens: (value) => ({ maxOutputTokens: value }),
  max_completion_tokens: (value) => ({ maxOutputTokens: value }),
  temperature: (value) => ({ temperature: value }),
  top_p: (value) => ({ topP: value }),
  presence_penalty: (value) => ({ presencePenalty: value }),
  frequency_penalty: (value) => ({ frequencyPenalty: value }),
  stop: (value) => ({ stopSequences: [value].flat() }),
  seed: (value) => ({ seed: value }),
  reasoning_effort: (value) => ({ reasoning: value }),
  stream_options: () => ({}), // its providers ask for usage by themselves
};

const userPart = (part) =>
  part.type === "image_url" ? { type: "image", image: part.image_url.url } : { type: "text", text: part.text };
const messagesOf = (messages) => {
  const named = {};
  const said = { instructions: [], messages: [] };
  for (const { role, content, tool_calls, tool_call_id } of messages) {
    if (role === "system" || role === "developer") said.instructions.push(content);
    else if (role === "user") said.messages.push({ role, content: typeof content === "string" ? content : content.map(userPart) });
    else if (role === "assistant") {
      const calls = (tool_calls ?? []).map((call) => {
        named[call.id] = call.function.name;
        return { type: "tool-call", toolCallId: call.id, toolName: call.function.name, input: parsed(call.function.arguments) };
      });
      said.messages.push({ role, content: [...(content ? [{ type: "text", text: content }] : []), ...calls] });
    } else if (role === "tool") {
      const output = { type: "text", value: typeof content === "string" ? content : JSON.stringify(content) };
      const result = { type: "tool-result", toolCallId: tool_call_id, toolName: named[tool_call_id], output };
      said.messages.push({ role, content: [result] });
    } else throw new TypeError(`the AI SDK has no role ${role}`);
  }
  return { messages: said.messages, ...(said.instructions.length ? { instructions: said.instructions.join("\n") } : {}) };
};

// The AI SDK's own timeout ends its retries too. This one is of a request and all of its answer, where other clients' is of a read.
const within = (ms) => (url, options) => {
  const signals = [AbortSignal.timeout(ms), options?.signal].filter(Boolean);
  return fetch(url, { ...options, signal: AbortSignal.any(signals) });
};

const optionsOf = (each) => {
  const { model, messages, stream, ...rest } = each.body;
  const provider = providerOf(made, { url: each.base_url, apiKey: each.api_key, fetch: within(2 * each.timeout * 1000) });
  const options = { model: provider(model), maxRetries: each.retries, ...messagesOf(messages) };
  for (const [member, value] of Object.entries(rest)) {
    if (!(member in words)) throw new TypeError(`the AI SDK has no word for ${member}`);
    Object.assign(options, words[member](value));
  }
  return options;
};

// A stream tells its errors, and that it was given up, as parts.
const streamed = async (options) => {
  const result = streamText({ ...options, onError: () => {} });
  for await (const part of result.stream ?? result.fullStream) {
    if (part.type === "error") throw part.error;
    if (part.type === "abort") throw new DOMException(part.reason ?? "the stream was given up", "TimeoutError");
  }
  return result;
};

// The words of the neutral finish reasons: the AI SDK has its own, and not always the provider's beside them.
const finishes = { stop: "stop", length: "length", "content-filter": "content_filter", "tool-calls": "tool_calls" };

const operations = {
  async chat(each) {
    const options = optionsOf(each);
    const answer = each.body.stream ? await streamed(options) : await generateText(options);
    if (options.output) await answer.output; // throws where the text is no such object, as it does to an application
    const calls = (await answer.toolCalls).map((call) => ({ id: call.toolCallId, name: call.toolName, arguments: call.input }));
    const choice = {
      text: await answer.text,
      reasoning: (await answer.reasoningText) ?? null,
      tool_calls: calls,
      finish_reason: (await answer.rawFinishReason) ?? null,
      finish_class: finishes[await answer.finishReason] ?? null,
    };
    const { inputTokens, outputTokens, totalTokens } = await answer.usage;
    return { choices: [choice], usage: { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: totalTokens } };
  },
};

const described = (error) => {
  const status = error?.statusCode ?? error?.lastError?.statusCode ?? null;
  return {
    exception: error?.name ?? error?.constructor?.name ?? typeof error,
    status,
    code: error?.data?.error?.code == null ? null : String(error.data.error.code),
    message: String(error?.message ?? error).split(/\s+/).join(" ").slice(0, 300),
  };
};

const versionOf = (name) => require(`${name}/package.json`).version;
globalThis.AI_SDK_LOG_WARNINGS = false;
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
say({ versions: { [`@ai-sdk/${name}`]: versionOf(`@ai-sdk/${name}`), ai: versionOf("ai") } });
for await (const line of createInterface({ input: process.stdin })) {
  const each = JSON.parse(line);
  let result;
  try {
    result = { outcome: "returned", ...(await operations[each.operation](each)) };
  } catch (error) {
    result = { outcome: "raised", ...described(error) };
  }
  say({ case: each.case, ...result });
}
