// The openai package under Node, with its own assembly of streams (`chat.completions.stream`). What loop.py says of lines holds here.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

// The package is looked for where the process was started: this script lies elsewhere.
const require = createRequire(pathToFileURL(`${process.cwd()}/package.json`));
const { OpenAI } = require("openai");
const { VERSION } = require("openai/version");

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const clientOf = (each) =>
  new OpenAI({
    baseURL: each.base_url,
    apiKey: each.api_key,
    maxRetries: each.retries,
    timeout: each.timeout * 1000,
  });

const choiceOf = ({ message, finish_reason }) => ({
  text: message.content,
  reasoning: message.reasoning ?? message.reasoning_content ?? null,
  tool_calls: (message.tool_calls ?? []).map((call) => ({ id: call.id, name: call.function.name, arguments: call.function.arguments })),
  finish_reason,
});

const operations = {
  async chat(each) {
    const { stream, ...body } = each.body;
    const completions = clientOf(each).chat.completions;
    const answer = stream ? await completions.stream(body).finalChatCompletion() : await completions.create(body);
    const { prompt_tokens, completion_tokens, total_tokens } = answer.usage ?? {};
    const usage = answer.usage ? { prompt_tokens, completion_tokens, total_tokens } : null;
    return { choices: answer.choices.map(choiceOf), usage };
  },
  async models(each) {
    const models = [];
    for await (const model of clientOf(each).models.list()) models.push(model.id);
    return { models };
  },
};

const described = (error) => ({
  exception: error?.constructor?.name ?? typeof error,
  status: error?.status ?? null,
  code: error?.code == null ? null : String(error.code),
  message: String(error?.message ?? error).split(/\s+/).join(" ").slice(0, 300),
});

say({ versions: { openai: VERSION } });
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
