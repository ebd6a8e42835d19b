; Every MMX and SSE instruction whose meaning is in org.lodgevm.x86.simd, each as a function
;     void stub(struct operands *rdi)
; and a table that names them. An instruction with an immediate is 256 functions, STRIDE bytes apart.
;
; A record of the table: pointers to set, name and roles (C strings), pointer to the first function, count of functions.
; Roles are the Java method's parameters: d and s the registers at offsets A and B, x the third at X, v and w the numbers at V and
; W, i the immediate. What the method returns is stored at RESULT.

default rel
%use smartalign

%define STRIDE 128
%define A rdi
%define B rdi + 16
%define X rdi + 32
%define V rdi + 48
%define W rdi + 56
%define RESULT rdi + 64
%define STATUS_FLAGS 0x8D5

section .data
align 8
global instructions
instructions:

section .bss
align 16
stored: resb 16

section .text

%macro INSTRUCTION 4 ; set, name, roles, count
    %defstr %%name_text %2
    section .rodata
    %%set:   db %1, 0
    %%name:  db %%name_text, 0
    %%roles: db %3, 0
    section .text
    align STRIDE
    %%stub:
    section .data
    dq %%set, %%name, %%roles, %%stub, %4
    section .text
%endmacro

%macro LOAD_XMM 0
    movdqu xmm1, [A]
    movdqu xmm2, [B]
    movdqu xmm0, [X]
%endmacro
%macro STORE_XMM 0
    movdqu [A], xmm1
    ret
%endmacro
%macro LOAD_MMX 0
    movq mm1, [A]
    movq mm2, [B]
%endmacro
%macro STORE_MMX 0
    movq [A], mm1
    emms
    ret
%endmacro
%macro RETURN_RAX 0
    mov [RESULT], rax
    ret
%endmacro

; One instruction, or one for each immediate (in `imm`), with what goes before and after.
%macro EACH 6+ ; set, name, roles, load, store, instruction
    INSTRUCTION %1, %2, %3, 1
    %4
    %6
    %5
%endmacro
%macro EACH_IMM 6+
    INSTRUCTION %1, %2, %3, 256
    %assign imm 0
    %rep 256
        align STRIDE
        %4
        %6
        %5
        %assign imm imm + 1
    %endrep
    %undef imm ; or the next invocation would expand it too early
%endmacro

%macro XMM_DS 1-*
    %rep %0
        EACH "XMM", %1, "ds", LOAD_XMM, STORE_XMM, %1 xmm1, xmm2
        %rotate 1
    %endrep
%endmacro
%macro XMM_DSX 1-*
    %rep %0
        EACH "XMM", %1, "dsx", LOAD_XMM, STORE_XMM, %1 xmm1, xmm2, xmm0
        %rotate 1
    %endrep
%endmacro
%macro XMM_LOAD 1-*
    %rep %0
        EACH "XMM", %1, "ds", LOAD_XMM, STORE_XMM, %1 xmm1, [B]
        %rotate 1
    %endrep
%endmacro
%macro XMM_STORE 1-*
    %rep %0
        EACH "XMM", %1, "ds", LOAD_XMM, ret, %1 [A], xmm2
        %rotate 1
    %endrep
%endmacro
%macro XMM_DSI 1-*
    %rep %0
        EACH_IMM "XMM", %1, "dsi", LOAD_XMM, STORE_XMM, %1 xmm1, xmm2, imm
        %rotate 1
    %endrep
%endmacro
%macro XMM_DI 1-*
    %rep %0
        EACH_IMM "XMM", %1, "di", LOAD_XMM, STORE_XMM, %1 xmm1, imm
        %rotate 1
    %endrep
%endmacro
%macro MMX_DS 1-*
    %rep %0
        EACH "MMX", %1, "ds", LOAD_MMX, STORE_MMX, %1 mm1, mm2
        %rotate 1
    %endrep
%endmacro
%macro MMX_DI 1-*
    %rep %0
        EACH_IMM "MMX", %1, "di", LOAD_MMX, STORE_MMX, %1 mm1, imm
        %rotate 1
    %endrep
%endmacro
%macro MMX_DSI 1-*
    %rep %0
        EACH_IMM "MMX", %1, "dsi", LOAD_MMX, STORE_MMX, %1 mm1, mm2, imm
        %rotate 1
    %endrep
%endmacro

; On MMX and on XMM registers.
%macro BOTH_DS 1-*
    XMM_DS %{1:-1}
    MMX_DS %{1:-1}
%endmacro

BOTH_DS paddb, paddw, paddd, paddq, psubb, psubw, psubd, psubq
BOTH_DS paddsb, paddsw, paddusb, paddusw, psubsb, psubsw, psubusb, psubusw, pavgb, pavgw
BOTH_DS psignb, psignw, psignd, pabsb, pabsw, pabsd
BOTH_DS phaddw, phaddd, phaddsw, phsubw, phsubd, phsubsw
BOTH_DS pmullw, pmulhw, pmulhuw, pmulhrsw, pmuludq, pmaddwd, pmaddubsw, psadbw
BOTH_DS pcmpeqb, pcmpeqw, pcmpeqd, pcmpgtb, pcmpgtw, pcmpgtd, pminub, pminsw, pmaxub, pmaxsw
BOTH_DS pand, pandn, por, pxor
BOTH_DS packsswb, packssdw, packuswb, punpcklbw, punpcklwd, punpckldq, punpckhbw, punpckhwd, punpckhdq, pshufb
BOTH_DS psllw, pslld, psllq, psrlw, psrld, psrlq, psraw, psrad
XMM_DI psllw, pslld, psllq, psrlw, psrld, psrlq, psraw, psrad, pslldq, psrldq
MMX_DI psllw, pslld, psllq, psrlw, psrld, psrlq, psraw, psrad

XMM_DS pmuldq, pmulld, phminposuw
XMM_DS pcmpeqq, pcmpgtq, pminuw, pminud, pminsb, pminsd, pmaxuw, pmaxud, pmaxsb, pmaxsd
XMM_DS packusdw, punpcklqdq, punpckhqdq, unpcklps, unpckhps, unpcklpd, unpckhpd
XMM_DS andps, andpd, andnps, andnpd, orps, orpd, xorps, xorpd
XMM_DS pmovsxbw, pmovsxbd, pmovsxbq, pmovsxwd, pmovsxwq, pmovsxdq
XMM_DS pmovzxbw, pmovzxbd, pmovzxbq, pmovzxwd, pmovzxwq, pmovzxdq
XMM_DS movaps, movapd, movups, movupd, movdqa, movdqu, movq, movss, movsd
XMM_DS movlhps, movhlps, movddup, movsldup, movshdup
XMM_LOAD lddqu, movntdqa, movd, movlps, movlpd, movhps, movhpd
XMM_STORE movntdq, movntps, movntpd
XMM_DSI pshufd, pshuflw, pshufhw, shufps, shufpd, palignr, pblendw, blendps, blendpd, insertps, mpsadbw
XMM_DSX pblendvb, blendvps, blendvpd

; Between MMX and XMM registers; the trailing underscore keeps these macros apart from the instructions.
%macro movq2dq_ 0
    movq mm2, [B]
    movq2dq xmm1, mm2
    emms
%endmacro
%macro movdq2q_ 0
    movdq2q mm1, xmm2
%endmacro
EACH "XMM", movq2dq, "ds", LOAD_XMM, STORE_XMM, movq2dq_
EACH "MMX", movdq2q, "ds", LOAD_XMM, STORE_MMX, movdq2q_

EACH "MMX", movd, "ds", LOAD_MMX, STORE_MMX, movd mm1, [B]
EACH "MMX", movq, "ds", LOAD_MMX, STORE_MMX, movq mm1, mm2
%macro movntq_ 0
    movntq [A], mm2
    emms
%endmacro
EACH "MMX", movntq, "ds", LOAD_MMX, ret, movntq_
MMX_DSI pshufw, palignr

; To general-purpose registers.
EACH "XMM", movmskps, "s", LOAD_XMM, RETURN_RAX, movmskps eax, xmm2
EACH "XMM", movmskpd, "s", LOAD_XMM, RETURN_RAX, movmskpd eax, xmm2
EACH "XMM", pmovmskb, "s", LOAD_XMM, RETURN_RAX, pmovmskb eax, xmm2
EACH_IMM "XMM", pextrb, "si", LOAD_XMM, RETURN_RAX, pextrb eax, xmm2, imm
EACH_IMM "XMM", pextrw, "si", LOAD_XMM, RETURN_RAX, pextrw eax, xmm2, imm
EACH_IMM "XMM", pextrd, "si", LOAD_XMM, RETURN_RAX, pextrd eax, xmm2, imm
EACH_IMM "XMM", pextrq, "si", LOAD_XMM, RETURN_RAX, pextrq rax, xmm2, imm
EACH_IMM "XMM", extractps, "si", LOAD_XMM, RETURN_RAX, extractps eax, xmm2, imm
%macro RETURN_RAX_EMMS 0
    emms
    RETURN_RAX
%endmacro
EACH "MMX", pmovmskb, "s", LOAD_MMX, RETURN_RAX_EMMS, pmovmskb eax, mm2
EACH_IMM "MMX", pextrw, "si", LOAD_MMX, RETURN_RAX_EMMS, pextrw eax, mm2, imm

; What a masked store writes of all ones over zeros.
%macro maskmovdqu_ 0
    pxor xmm1, xmm1
    movdqu [stored], xmm1
    pcmpeqd xmm1, xmm1
    lea rdi, [stored]
    maskmovdqu xmm1, xmm2
    movdqu xmm1, [stored]
    pmovmskb eax, xmm1
    mov rdi, rdx
%endmacro
%macro maskmovq_ 0
    pxor mm1, mm1
    movq [stored], mm1
    pcmpeqd mm1, mm1
    lea rdi, [stored]
    maskmovq mm1, mm2
    movq mm1, [stored]
    pmovmskb eax, mm1
    mov rdi, rdx
%endmacro
%macro LOAD_XMM_KEEP_RDI 0
    mov rdx, rdi
    LOAD_XMM
%endmacro
%macro LOAD_MMX_KEEP_RDI 0
    mov rdx, rdi
    LOAD_MMX
%endmacro
EACH "XMM", maskmovdqu, "s", LOAD_XMM_KEEP_RDI, RETURN_RAX, maskmovdqu_
EACH "MMX", maskmovq, "s", LOAD_MMX_KEEP_RDI, RETURN_RAX_EMMS, maskmovq_

; From general-purpose registers.
%macro LOAD_XMM_RAX 0
    LOAD_XMM
    mov rax, [V]
%endmacro
%macro LOAD_MMX_RAX 0
    LOAD_MMX
    mov rax, [V]
%endmacro
EACH_IMM "XMM", pinsrb, "dvi", LOAD_XMM_RAX, STORE_XMM, pinsrb xmm1, eax, imm
EACH_IMM "XMM", pinsrw, "dvi", LOAD_XMM_RAX, STORE_XMM, pinsrw xmm1, eax, imm
EACH_IMM "XMM", pinsrd, "dvi", LOAD_XMM_RAX, STORE_XMM, pinsrd xmm1, eax, imm
EACH_IMM "XMM", pinsrq, "dvi", LOAD_XMM_RAX, STORE_XMM, pinsrq xmm1, rax, imm
EACH_IMM "MMX", pinsrw, "dvi", LOAD_MMX_RAX, STORE_MMX, pinsrw mm1, eax, imm

; Status flags as the result, with an index from ECX above them.
%macro RETURN_FLAGS 0
    pushfq
    pop rax
    and eax, STATUS_FLAGS
    RETURN_RAX
%endmacro
%macro RETURN_FLAGS_AND_INDEX 0
    pushfq
    pop rax
    and eax, STATUS_FLAGS
    shl ecx, 16
    or eax, ecx
    RETURN_RAX
%endmacro
%macro RETURN_FLAGS_AND_MASK 0
    movdqu [X], xmm0
    RETURN_FLAGS
%endmacro
%macro LOAD_LENGTHS 0
    movdqu xmm1, [A]
    movdqu xmm2, [B]
    mov rax, [V]
    mov rdx, [W]
%endmacro
EACH "XMM", ptest, "ds", LOAD_XMM, RETURN_FLAGS, ptest xmm1, xmm2
EACH_IMM "XMM", pcmpistri, "dsi", LOAD_XMM, RETURN_FLAGS_AND_INDEX, pcmpistri xmm1, xmm2, imm
EACH_IMM "XMM", pcmpistrm, "dsix", LOAD_XMM, RETURN_FLAGS_AND_MASK, pcmpistrm xmm1, xmm2, imm
; With REX.W, lengths are RAX and RDX.
%define pcmpestrm_ db 0x66, 0x48, 0x0F, 0x3A, 0x60, 0xCA, imm
%define pcmpestri_ db 0x66, 0x48, 0x0F, 0x3A, 0x61, 0xCA, imm
EACH_IMM "XMM", pcmpestri, "dsivw", LOAD_LENGTHS, RETURN_FLAGS_AND_INDEX, pcmpestri_
EACH_IMM "XMM", pcmpestrm, "dsivwx", LOAD_LENGTHS, RETURN_FLAGS_AND_MASK, pcmpestrm_

; Cryptography.
XMM_DS aesenc, aesenclast, aesdec, aesdeclast, aesimc
XMM_DSI aeskeygenassist, pclmulqdq
XMM_DS sha1nexte, sha1msg1, sha1msg2, sha256msg1, sha256msg2
XMM_DSI sha1rnds4
XMM_DSX sha256rnds2

; General-purpose registers.
%macro LOAD_GENERAL 0
    mov rax, [V]
    mov rcx, [W]
%endmacro
%define crc32b_ crc32 eax, cl
%define crc32w_ crc32 eax, cx
%define crc32d_ crc32 eax, ecx
%define crc32q_ crc32 rax, rcx
EACH "GENERAL", crc32b, "vw", LOAD_GENERAL, RETURN_RAX, crc32b_
EACH "GENERAL", crc32w, "vw", LOAD_GENERAL, RETURN_RAX, crc32w_
EACH "GENERAL", crc32d, "vw", LOAD_GENERAL, RETURN_RAX, crc32d_
EACH "GENERAL", crc32q, "vw", LOAD_GENERAL, RETURN_RAX, crc32q_
EACH "GENERAL", pdep, "vw", LOAD_GENERAL, RETURN_RAX, pdep rax, rax, rcx
EACH "GENERAL", pext, "vw", LOAD_GENERAL, RETURN_RAX, pext rax, rax, rcx

section .data
    dq 0

section .note.GNU-stack noalloc noexec nowrite progbits
