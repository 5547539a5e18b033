// verify FOLDER KEY checks a log with golang.org/x/mod/sumdb: the note, every tile, every entry.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// folder has the tiles of C2SP tlog-tiles: those of Go's own logs, without their height in the path.
type folder string

func (f folder) Height() int { return 8 }

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(string(f), path))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (f folder) readBundle(n, width int64) ([]byte, error) {
	tile := tlog.Tile{H: 8, L: -1, N: n, W: int(width)}
	path := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
	return os.ReadFile(filepath.Join(string(f), path))
}

func main() {
	log.SetFlags(0)
	f, key := folder(os.Args[1]), os.Args[2]
	tree := openTree(f, key)
	hashes := tlog.TileHashReader(tree, f)
	for n := int64(0); n < tree.N; n += 256 {
		width := tree.N - n
		if width > 256 {
			width = 256
		}
		bundle, err := f.readBundle(n/256, width)
		check(err)
		for i := n; i < n+width; i++ {
			end := 2 + int(binary.BigEndian.Uint16(bundle))
			checkEntry(hashes, tree, i, bundle[2:end])
			bundle = bundle[end:]
		}
		if len(bundle) > 0 {
			log.Fatalf("bundle %d holds more than its entries", n/256)
		}
	}
	fmt.Printf("holds: %d entries\n", tree.N)
}

func openTree(f folder, key string) tlog.Tree {
	verifier, err := note.NewVerifier(key)
	check(err)
	message, err := os.ReadFile(filepath.Join(string(f), "checkpoint"))
	check(err)
	signed, err := note.Open(message, note.VerifierList(verifier))
	check(err)
	lines := strings.Split(signed.Text, "\n")
	if lines[0] != verifier.Name() {
		log.Fatalf("a checkpoint of %s", lines[0])
	}
	var tree tlog.Tree
	_, err = fmt.Sscan(lines[1], &tree.N)
	check(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	check(err)
	copy(tree.Hash[:], root)
	return tree
}

func checkEntry(hashes tlog.HashReader, tree tlog.Tree, i int64, entry []byte) {
	proof, err := tlog.ProveRecord(tree.N, i, hashes)
	check(err)
	check(tlog.CheckRecord(proof, tree.N, tree.Hash, i, tlog.RecordHash(entry)))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
