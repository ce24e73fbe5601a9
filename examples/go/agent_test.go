package agent

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// serve starts `conformance serve` and returns its base URL. CONFORMANCE names the command where it is not on the PATH.
func serve(t *testing.T, options ...string) string {
	t.Helper()
	name := os.Getenv("CONFORMANCE")
	if name == "" {
		name = "conformance"
	}
	command := exec.Command(name, append([]string{"serve", "--quiet", "--speed", "1000"}, options...)...)
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal("conformance serve did not start: pip install llm-provider-conformance: ", err)
	}
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		_ = command.Wait()
	})
	for lines := bufio.NewScanner(output); lines.Scan(); {
		if words := strings.Fields(lines.Text()); len(words) > 2 && words[0] == "serving" {
			return words[2]
		}
	}
	t.Fatal("conformance serve printed no address")
	return ""
}

func TestTheAgentReturnsWhatTheModelSays(t *testing.T) {
	answer, err := Ask(serve(t, "--as", "groq"), "Reply with exactly: pong", 1)
	if err != nil || answer != "pong" {
		t.Fatalf("got %q, %v", answer, err)
	}
}

func TestTheAgentAsksAgainWhenTheProviderIsDown(t *testing.T) {
	url := serve(t, "--as", "groq", "--fault", "flaky.one_in_three")
	answer, err := Ask(url, "Reply with exactly: pong", 3)
	if err != nil || answer != "pong" {
		t.Fatalf("got %q, %v", answer, err)
	}
}

func TestWithoutRetriesTheUserSeesTheFailure(t *testing.T) {
	if _, err := Ask(serve(t, "--as", "groq", "--fault", "flaky.one_in_three"), "Say hello.", 1); err == nil {
		t.Fatal("a 503 was no failure")
	}
}
