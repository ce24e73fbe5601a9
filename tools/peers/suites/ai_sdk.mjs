// The AI SDK's core functions over one of its providers: text, streams, tools, structured output and errors. A case is a function that
// throws; the line of JSON that it becomes is described in case_lines.py.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// The packages are looked for where the process was started: this script lies elsewhere.
const require = createRequire(pathToFileURL(`${process.cwd()}/package.json`));
const load = (name) => import(pathToFileURL(require.resolve(name)));

const { generateText, streamText, tool, Output, stepCountIs, APICallError } = await load("ai");
const { z } = await load("zod");

const { PEER_CLIENT, PEER_MODEL, PEER_BASE_URL, PEER_ORIGIN, PEER_CAPABILITIES, PEER_PROVIDER } = process.env;
const capabilities = new Set(PEER_CAPABILITIES.split(","));
const apiKey = "conformance-peer";

// Each provider's factory, and the address as that provider takes it.
const factories = {
  "openai-compatible": async () =>
    (await load("@ai-sdk/openai-compatible")).createOpenAICompatible({
      name: PEER_PROVIDER,
      baseURL: PEER_BASE_URL,
      apiKey,
      includeUsage: capabilities.has("stream_usage"),
      supportsStructuredOutputs: capabilities.has("json_schema"),
    }),
  openai: async () => (await load("@ai-sdk/openai")).createOpenAI({ baseURL: PEER_BASE_URL, apiKey }),
  "openai-chat": async () => (await load("@ai-sdk/openai")).createOpenAI({ baseURL: PEER_BASE_URL, apiKey }).chat,
  groq: async () => (await load("@ai-sdk/groq")).createGroq({ baseURL: PEER_BASE_URL, apiKey }),
  cerebras: async () => (await load("@ai-sdk/cerebras")).createCerebras({ baseURL: PEER_BASE_URL, apiKey }),
  deepseek: async () => (await load("@ai-sdk/deepseek")).createDeepSeek({ baseURL: PEER_BASE_URL, apiKey }),
  mistral: async () => (await load("@ai-sdk/mistral")).createMistral({ baseURL: PEER_BASE_URL, apiKey }),
  anthropic: async () => (await load("@ai-sdk/anthropic")).createAnthropic({ baseURL: `${PEER_ORIGIN}/v1`, apiKey }),
  google: async () => (await load("@ai-sdk/google")).createGoogle({ baseURL: `${PEER_ORIGIN}/v1beta`, apiKey }),
  "amazon-bedrock": async () =>
    (await load("@ai-sdk/amazon-bedrock")).createAmazonBedrock({ baseURL: PEER_ORIGIN, apiKey, region: "us-east-1" }),
  cohere: async () => (await load("@ai-sdk/cohere")).createCohere({ baseURL: `${PEER_ORIGIN}/v2`, apiKey }),
};

const provider = await factories[PEER_CLIENT]();
const model = provider(PEER_MODEL);
const settings = { model, maxRetries: 0 };
const question = "What is the capital of France? Answer in one sentence.";
const weather = "What is the weather in Paris?";
const told = "18 degrees and sunny";
const inputSchema = z.object({ city: z.string().describe("The name of the city") });
const getWeather = { description: "Get the weather in a city.", inputSchema };
const asked = { tools: { get_weather: tool(getWeather) } };
const run = { tools: { get_weather: tool({ ...getWeather, execute: async () => told }) }, stopWhen: stepCountIs(3) };
const city = z.object({ name: z.string(), country: z.string(), population: z.number().int() });

const collected = async (stream) => {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return parts;
};

// A stream reports its errors as parts; the application sees them here.
const streamed = async (options) => {
  const errors = [];
  const result = streamText({ ...settings, ...options, onError: ({ error }) => errors.push(error) });
  const parts = await collected(result.stream ?? result.fullStream);
  if (errors.length) throw errors[0];
  return { result, parts };
};

const isWeatherCall = (calls) => {
  assert.equal(calls.length, 1);
  assert.equal(calls[0].toolName, "get_weather");
  assert.equal(calls[0].input.city, "Paris");
  assert.ok(!calls[0].invalid, "the arguments do not satisfy the schema");
};

const isCounted = (usage) => {
  assert.ok(usage.inputTokens > 0, `inputTokens is ${usage.inputTokens}`);
  assert.ok(usage.outputTokens > 0, `outputTokens is ${usage.outputTokens}`);
};

const cases = {
  async generate_text() {
    const result = await generateText({ ...settings, prompt: question });
    assert.match(result.text, /Paris/);
    assert.equal(result.finishReason, "stop");
  },
  async generate_usage() {
    isCounted((await generateText({ ...settings, prompt: question })).usage);
  },
  async generate_reply_with() {
    const result = await generateText({ ...settings, prompt: "Reply with exactly: pong" });
    assert.equal(result.text.trim(), "pong");
  },
  async generate_conversation() {
    const messages = [
      { role: "user", content: "My name is Ada." },
      { role: "assistant", content: "Hello Ada." },
      { role: "user", content: question },
    ];
    assert.match((await generateText({ ...settings, instructions: "Be brief.", messages })).text, /Paris/);
  },
  async stream_text() {
    const { result, parts } = await streamed({ prompt: question });
    const deltas = parts.filter((part) => part.type === "text-delta");
    assert.ok(deltas.length > 1, `${deltas.length} deltas`);
    assert.equal(deltas.map((part) => part.text).join(""), await result.text);
    assert.match(await result.text, /Paris/);
    assert.equal(await result.finishReason, "stop");
  },
  async stream_usage() {
    isCounted(await (await streamed({ prompt: question })).result.usage);
  },
  async tool_call() {
    const result = await generateText({ ...settings, ...asked, prompt: weather });
    isWeatherCall(result.toolCalls);
    assert.equal(result.finishReason, "tool-calls");
  },
  async tool_call_required() {
    isWeatherCall((await generateText({ ...settings, ...asked, toolChoice: "required", prompt: weather })).toolCalls);
  },
  async tool_call_streamed() {
    const { result, parts } = await streamed({ ...asked, prompt: weather });
    isWeatherCall(await result.toolCalls);
    assert.ok(parts.some((part) => part.type === "tool-input-start"));
    assert.equal(await result.finishReason, "tool-calls");
  },
  async tool_loop() {
    const result = await generateText({ ...settings, ...run, prompt: weather });
    assert.equal(result.steps.length, 2);
    assert.ok(result.text.includes("18"), result.text);
    assert.equal(result.finishReason, "stop");
  },
  async tool_loop_streamed() {
    const { result } = await streamed({ ...run, prompt: weather });
    assert.equal((await result.steps).length, 2);
    assert.ok((await result.text).includes("18"), await result.text);
  },
  async structured_output() {
    const result = await generateText({ ...settings, output: Output.object({ schema: city }), prompt: "Describe Paris as JSON." });
    city.parse(result.output);
  },
  async structured_output_streamed() {
    const { result } = await streamed({ output: Output.object({ schema: city }), prompt: "Describe Paris as JSON." });
    city.parse(await result.output);
  },
  async error_unknown_model() {
    const failed = generateText({ ...settings, model: provider("conformance-no-such-model"), prompt: question });
    await assert.rejects(failed, (error) => {
      assert.ok(APICallError.isInstance(error), `${error?.name}: ${error?.message}`);
      assert.ok(error.statusCode >= 400 && error.statusCode < 500, `status ${error.statusCode}`);
      assert.ok(error.message && !/^(Bad Request|Not Found|)$/.test(error.message), "the provider's message is lost");
      return true;
    });
  },
};

const needs = {
  tool_call_required: "tool_choice_required",
  structured_output: "json_schema",
  structured_output_streamed: "json_schema",
};

const describe = (error) => {
  const body = error?.responseBody ? ` ${error.statusCode} ${error.responseBody}` : "";
  return `${error?.name ?? "Error"}: ${error?.message ?? error}${body}`.split(/\s+/).join(" ").slice(0, 400);
};

globalThis.AI_SDK_LOG_WARNINGS = false;
for (const [name, body] of Object.entries(cases)) {
  const need = needs[name];
  let line = { case: name, outcome: "passed", why: "" };
  if (need && !capabilities.has(need)) line = { case: name, outcome: "skipped", why: `the model has no ${need}` };
  else {
    try {
      await body();
    } catch (error) {
      line = { case: name, outcome: "failed", why: describe(error) };
    }
  }
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
