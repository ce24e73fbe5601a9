// The application under test: it asks for an answer, and tries again when the provider is down.
export async function ask(baseUrl, question, { attempts = 3 } = {}) {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await fetch(`${baseUrl}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer any" },
      body: JSON.stringify({ model: "openai/gpt-oss-120b", messages: [{ role: "user", content: question }] }),
    });
    if (answer.ok) return (await answer.json()).choices[0].message.content;
    if (answer.status < 500 || attempt === attempts) throw new Error(`status ${answer.status}`);
  }
}
