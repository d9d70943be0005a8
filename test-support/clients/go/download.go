// A client of Go's golang.org/x/net/http2, which downloads a URL and reads the body in pieces.
//
//	download URL PIECE
//
// PIECE is the number of octets that each read asks for. Prints how many octets came, and how long
// that took in seconds.
package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http2"
)

func main() {
	piece, err := strconv.Atoi(os.Args[2])
	if err != nil {
		fail(err)
	}
	began := time.Now()
	octets, err := download(os.Args[1], piece)
	if err != nil {
		fail(fmt.Errorf("after %d octets: %w", octets, err))
	}
	fmt.Printf("%d %.3f\n", octets, time.Since(began).Seconds())
}

func download(url string, piece int) (octets int64, err error) {
	response, err := (&http.Client{Transport: transport(url)}).Get(url)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("the status is %d", response.StatusCode)
	}
	buffer := make([]byte, piece)
	for {
		count, err := response.Body.Read(buffer)
		octets += int64(count)
		if err == io.EOF {
			return octets, nil
		}
		if err != nil {
			return octets, err
		}
	}
}

// HTTP/2 from the first octet: over TLS, or without it with prior knowledge.
func transport(url string) *http2.Transport {
	if strings.HasPrefix(url, "https:") {
		return &http2.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	}
	return &http2.Transport{
		AllowHTTP: true,
		DialTLS: func(network, address string, _ *tls.Config) (net.Conn, error) {
			return net.Dial(network, address)
		},
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
