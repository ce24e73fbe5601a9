import { afterAll, beforeAll, expect, test } from "vitest";
import { ask } from "./agent.mjs";
import { serve } from "./provider.mjs";

let healthy, flaky, loading;
beforeAll(async () => {
  [healthy, flaky, loading] = await Promise.all([
    serve("--as", "groq"),
    serve("--as", "groq", "--fault", "flaky.one_in_three"),
    serve("--as", "groq", "--fault", "start.loading"),
  ]);
}, 60_000);
afterAll(() => Promise.all([healthy.stop(), flaky.stop(), loading.stop()]));

test("the agent returns what the model says", async () => {
  expect(await ask(healthy.url, "Reply with exactly: pong")).toBe("pong");
});

test("the agent asks again when the provider is down", async () => {
  expect(await ask(flaky.url, "Reply with exactly: pong")).toBe("pong");
});

test("without retries the user sees the failure", async () => {
  await expect(ask(loading.url, "Say hello.", { attempts: 1 })).rejects.toThrow("status 503");
});
