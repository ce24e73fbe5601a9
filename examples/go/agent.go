// Package agent asks a provider for an answer, and tries again when the provider is down.
package agent

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
)

// Ask returns the model's answer to a question.
func Ask(baseURL, question string, attempts int) (string, error) {
	body, err := json.Marshal(map[string]any{
		"model":    "openai/gpt-oss-120b",
		"messages": []map[string]string{{"role": "user", "content": question}},
	})
	if err != nil {
		return "", err
	}
	for attempt := 1; ; attempt++ {
		request, err := http.NewRequest(http.MethodPost, baseURL+"/chat/completions", bytes.NewReader(body))
		if err != nil {
			return "", err
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", "Bearer any")
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			return "", err
		}
		if answer.StatusCode >= 500 && attempt < attempts {
			answer.Body.Close()
			continue
		}
		defer answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			return "", fmt.Errorf("status %d", answer.StatusCode)
		}
		var completion struct {
			Choices []struct {
				Message struct {
					Content string `json:"content"`
				} `json:"message"`
			} `json:"choices"`
		}
		if err := json.NewDecoder(answer.Body).Decode(&completion); err != nil {
			return "", err
		}
		return completion.Choices[0].Message.Content, nil
	}
}
