// goreader reads an exported log with other people's code: golang.org/x/mod/sumdb/note and tlog.
// Usage: goreader DIR/GENERATION VKEY [CHECKPOINT...]. It walks every entry bundle, proves that the tree has grown from each
// older checkpoint, and exits 1 at the first fault.
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// folder reads tiles of an exported log: x/mod says tile/8/L/... and data, the export says tile/L/... and entries.
type folder string

func (f folder) Height() int                                { return 8 }
func (f folder) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(tiles))
	for i, tile := range tiles {
		name := strings.Replace(strings.TrimPrefix(tile.Path(), "tile/8/"), "data/", "entries/", 1)
		data, err := os.ReadFile(filepath.Join(string(f), "tile", name))
		if err != nil {
			return nil, err
		}
		found[i] = data
	}
	return found, nil
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// opened is the tree that a signed checkpoint speaks of.
func opened(name string, verifier note.Verifier) tlog.Tree {
	signed, err := os.ReadFile(name)
	check(err)
	found, err := note.Open(signed, note.VerifierList(verifier))
	check(err)
	tree, err := tlog.ParseTree([]byte(strings.Replace(found.Text, verifier.Name(), "go.sum database tree", 1)))
	check(err)
	return tree
}

func main() {
	dir := folder(os.Args[1])
	verifier, err := note.NewVerifier(os.Args[2])
	check(err)
	tree := opened(filepath.Join(string(dir), "checkpoint"), verifier)
	hashes := tlog.TileHashReader(tree, dir)
	var bundle []byte
	for position := int64(0); position < tree.N; position++ {
		if position%256 == 0 {
			tile := tlog.Tile{H: 8, L: -1, N: position / 256, W: 256}
			if tree.N-position < 256 {
				tile.W = int(tree.N - position)
			}
			read, err := dir.ReadTiles([]tlog.Tile{tile})
			check(err)
			bundle = read[0]
		}
		leaf, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, position)})
		check(err)
		end := 2
		if len(bundle) >= 2 {
			end += int(binary.BigEndian.Uint16(bundle))
		}
		last := position%256 == 255 || position == tree.N-1
		if end > len(bundle) || tlog.RecordHash(bundle[2:end]) != leaf[0] || last && end != len(bundle) {
			check(fmt.Errorf("entry %d is not the one that was signed", position))
		}
		bundle = bundle[end:]
	}
	fmt.Printf("read %d entries\n", tree.N)
	for _, name := range os.Args[3:] {
		old := opened(name, verifier)
		proof, err := tlog.ProveTree(tree.N, old.N, hashes)
		check(err)
		check(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash))
	}
	if old := len(os.Args) - 3; old > 0 {
		fmt.Printf("grown from %d checkpoints\n", old)
	}
}
