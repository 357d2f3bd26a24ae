// Package remote asks other servers.
package remote

import (
	"bufio"
	"context"
	"fmt"
	"net/http"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"
)

// Versions asks all addresses at once and returns the first line of each answer.
func Versions(ctx context.Context, addresses ...string) ([]string, error) {
	lines := make([]string, len(addresses))
	group, ctx := errgroup.WithContext(ctx)
	for i, address := range addresses {
		group.Go(func() (err error) {
			lines[i], err = firstLine(ctx, address)
			return err
		})
	}
	return lines, group.Wait()
}

func firstLine(ctx context.Context, address string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	request.Header.Set("X-Request-ID", uuid.NewString())
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s answers %s", address, response.Status)
	}
	scanner := bufio.NewScanner(response.Body)
	scanner.Scan()
	return scanner.Text(), scanner.Err()
}
