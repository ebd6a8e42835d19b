package org.lodgevm.x86.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lodgevm.x86.isa.CodeSize;

class DisassemblerTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            BITS_64 | 4889d8             | mov    rax,rbx
            BITS_64 | 88e0               | mov    al,ah
            BITS_64 | 4088e0             | mov    al,spl
            BITS_64 | 8b448bf8           | mov    eax,DWORD PTR [rbx+rcx*4-0x8]
            BITS_64 | 488b05f9ffffff     | mov    rax,QWORD PTR [rip+0xfffffffffffffff9]        # 0x1000
            BITS_64 | 64488b042528000000 | mov    rax,QWORD PTR fs:0x28
            BITS_64 | 48b8efcdab8967452301 | movabs rax,0x123456789abcdef
            BITS_64 | 4883c0ff           | add    rax,0xffffffffffffffff
            BITS_64 | e8fbffffff         | call   0x1000
            BITS_64 | 7efe               | jle    0x1000
            BITS_64 | f3a4               | rep movs BYTE PTR es:[rdi],BYTE PTR ds:[rsi]
            BITS_64 | f2ae               | repnz scas al,BYTE PTR es:[rdi]
            BITS_64 | f0480fc108         | lock xadd QWORD PTR [rax],rcx
            BITS_64 | 3effe0             | notrack jmp rax
            BITS_64 | 4898               | cdqe
            BITS_64 | d8c1               | fadd   st,st(1)
            BITS_64 | db28               | fld    TBYTE PTR [rax]
            BITS_64 | 0f58c1             | addps  xmm0,xmm1
            BITS_64 | f20fc2c101         | cmpltsd xmm0,xmm1
            BITS_64 | 66480f7ec0         | movq   rax,xmm0
            BITS_64 | 0f22d8             | mov    cr3,rax
            BITS_64 | c4e2f0f2c2         | andn   rax,rcx,rdx
            BITS_32 | ea785634121000     | jmp    0x10:0x12345678
            BITS_32 | 66e90001           | jmpw   0x1104
            BITS_16 | 8b4302             | mov    ax,WORD PTR [bp+di+0x2]
            BITS_16 | 8b063412           | mov    ax,WORD PTR ds:0x1234
            BITS_16 | d7                 | xlat   BYTE PTR ds:[bx]
            """)
    void writesWhatObjdumpWrites(CodeSize mode, String hex, String text) {
        byte[] code = HexFormat.of().parseHex(hex);
        Instruction instruction = new Instruction();
        assertThat(new Decoder().decode(code, 0, code.length, mode, instruction)).isEqualTo(Outcome.DECODED);
        assertThat(Disassembler.format(instruction, 0x1000)).isEqualTo(text);
    }
}
